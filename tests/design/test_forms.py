"""Form fields: label, description and errors belong to their input; browsers get dates as they want them."""

import datetime as dt
import re

from django import forms
from django.forms import formset_factory
from django.template import Context, Template
from django.utils import translation


class GoalForm(forms.Form):
    goal = forms.CharField(label="Goal", help_text="So that it can be seen.", widget=forms.Textarea)
    due = forms.DateField(label="Due", required=False)
    at = forms.TimeField(label="At", required=False)
    who = forms.ChoiceField(
        label="Who", choices=[("l", "Leader"), ("s", "Superior")], widget=forms.RadioSelect
    )
    picked = forms.MultipleChoiceField(
        label="Picked",
        choices=[("a", "A < B"), ("b", "B")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shared = forms.BooleanField(label="Shared", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.cleaned_data.get("key") == "wrong":
            raise forms.ValidationError("The key is wrong.")


def field(form: forms.Form, name: str, options: str = "") -> str:
    source = f"{{% load leder_ui %}}{{% form_field form.{name} {options} %}}"
    return Template(source).render(Context({"form": form}))


def summary(*all_forms: object) -> str:
    context = {f"form{number}": form for number, form in enumerate(all_forms)}
    return Template(f"{{% load leder_ui %}}{{% error_summary {' '.join(context)} %}}").render(
        Context(context)
    )


def attribute(html: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', html)
    return found.group(1) if found else ""


def test_label_and_description_belong_to_the_input():
    html = field(GoalForm(), "goal")
    assert 'for="id_goal"' in html
    assert attribute(html, "aria-describedby") == "id_goal_help"
    assert 'id="id_goal_help">So that it can be seen.' in html
    assert "aria-invalid" not in html


def test_an_error_is_read_before_the_description():
    html = field(GoalForm({}), "goal")
    assert attribute(html, "aria-describedby") == "id_goal_error id_goal_help"
    assert attribute(html, "aria-invalid") == "true"
    assert 'id="id_goal_error"' in html


def test_a_text_has_the_rows_asked_for_and_the_width_of_its_column():
    assert attribute(field(GoalForm(), "goal"), "rows") == "4"
    assert attribute(field(GoalForm(), "goal", "rows=8"), "rows") == "8"
    assert "cols=" not in field(GoalForm(), "goal")


def test_what_was_written_is_escaped():
    assert "<script>" not in field(GoalForm({"goal": "</textarea><script>"}), "goal")


def test_dates_and_times_are_the_browsers_own_in_any_language():
    form = GoalForm(initial={"due": dt.date(2027, 3, 31), "at": dt.time(9, 5)})
    for language in ("nb", "en"):
        with translation.override(language):
            date, time = field(form, "due"), field(form, "at")
            assert (attribute(date, "type"), attribute(date, "value")) == ("date", "2027-03-31")
            assert (attribute(time, "type"), attribute(time, "value")) == ("time", "09:05")


def test_what_the_browser_sends_as_a_date_is_understood():
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            form = GoalForm({"goal": "g", "who": "l", "due": "2027-03-31", "at": "09:05"})
            assert form.is_valid(), form.errors
            assert form.cleaned_data["due"] == dt.date(2027, 3, 31)


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = field(GoalForm({"goal": "g", "who": "s"}), "who")
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    assert re.search(r'value="s"\s[^>]*checked', html)
    assert not re.search(r'value="l"\s[^>]*checked', html)


def test_choices_without_an_answer_point_to_their_error():
    html = field(GoalForm({}), "who")
    assert attribute(html, "aria-describedby") == "id_who_error"
    assert html.count('aria-invalid="true"') == 2


def test_many_can_be_picked_and_labels_are_escaped():
    html = field(GoalForm({"goal": "g", "who": "l", "picked": ["a", "b"]}), "picked", 'variant="outline"')
    assert html.count('type="checkbox"') == 2
    assert len(re.findall(r"\schecked", html)) == 2
    assert "A &lt; B" in html


def test_a_single_checkbox_stands_before_its_label():
    html = field(GoalForm(), "shared")
    assert html.index('type="checkbox"') < html.index("<label")


def test_a_hidden_field_has_no_label():
    html = field(GoalForm(), "key")
    assert attribute(html, "type") == "hidden"
    assert "<label" not in html


def test_a_hidden_label_is_still_read():
    assert "ds-label ds-sr-only" in field(GoalForm(), "goal", "hide_label=True")


def test_the_summary_leads_to_each_field_and_says_what_concerns_none():
    html = summary(GoalForm({"key": "wrong"}))
    assert 'href="#id_goal"' in html
    assert 'href="#id_who_0"' in html
    assert "The key is wrong." in html
    assert html.count("<li>") == 3


def test_there_is_no_summary_when_all_is_well():
    assert not summary(GoalForm(), GoalForm({"goal": "g", "who": "l"})).strip()


def test_the_summary_takes_formsets():
    Goals = formset_factory(GoalForm, max_num=1, validate_max=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-goal": "", "form-0-who": "l"}
    html = summary(Goals({**data, "form-1-goal": "g", "form-1-who": "l"}))
    assert 'href="#id_form-0-goal"' in html
    assert html.count("<li>") == 2  # and that there are too many
