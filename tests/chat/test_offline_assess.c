/*
 * test_offline_assess.c - what is assessed: how it is written, and what only
 * looks like it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_offline_rows.h"

#define HEAD "## Assessment\n\n"

static offline_row rows[] = {
    /* Tables. */
    {"a table with name, weight and date",
     HEAD "| Assessment | Weight | Due |\n|---|---|---|\n"
          "| Midterm exam | 25% | October 14, 2026 |\n"
          "| Essay | 7.5 % | TBA |\n| **Final** exam | 40 | |\n"
          "| Total | 100% | |\n",
     "assess Midterm exam | 25 | October 14, 2026\nassess Essay | 7.5 | -\n"
     "assess Final exam | 40 | -\n"},
    {"columns in another order, without bars at the ends",
     HEAD "Date | Percent of grade | Item\n---|---|---\n"
          "14 Oct | 30% | Quiz\nweekly | 70% | Homework\n",
     "assess Quiz | 30 | 14 Oct\nassess Homework | 70 | weekly\n"},
    {"a table with a sign for its header",
     HEAD "| Component | % |\n|:--|--:|\n| Labs | 20 |\n| Exam | 80 |\n",
     "assess Labs | 20 | -\nassess Exam | 80 | -\n"},
    {"a table outside of any heading",
     "| Task | Weight | Deadline |\n|---|---|---|\n| Report | 100% | May 1 |\n",
     "assess Report | 100 | May 1\n"},
    {"weights first",
     HEAD "| Weight | What |\n|---|---|\n| 60% | Exam |\n| 40% | Labs |\n",
     "assess Exam | 60 | -\nassess Labs | 40 | -\n"},
    {"no table of weights: grades",
     "## Grades\n\n| Points | Grade |\n|---|---|\n| 90 and more | A |\n"
     "| 80 to 89 | B |\n", ""},
    {"no table of weights: percentages of grades",
     "## Grading scale\n\n| Percentage | Grade |\n|---|---|\n| 90 | A |\n"
     "| 80 | B |\n", ""},
    {"no table of weights: a calendar",
     "## Calendar\n\n| Date | What happens |\n|---|---|\n"
     "| 21 October 2026 | Midterm examination |\n", ""},
    {"no table of weights: ranges",
     HEAD "| Grade | Percent |\n|---|---|\n| A | 90-100% |\n| B | 80-89% |\n",
     ""},
    {"sentences below a table add nothing",
     HEAD "| Item | Weight |\n|---|---|\n| Midterm examination | 40% |\n"
          "| Final examination | 60% |\n\nThe midterm is worth 40%.\n",
     "assess Midterm examination | 40 | -\n"
     "assess Final examination | 60 | -\n"},

    {"a table of points",
     HEAD "| Item | Points | Due |\n|---|---|---|\n| Essays | 150 | May 4 |\n"
          "| Final exam | 250 | \xE2\x80\x94 |\n| Total | 400 | |\n",
     "assess Essays | 37.5 | May 4\nassess Final exam | 62.5 | -\n"},
    {"no table of points: outside of any heading",
     "| Item | Points |\n|---|---|\n| Essay | 40 |\n| Exam | 60 |\n", ""},

    /* Lists. */
    {"several of a kind",
     HEAD "- Three quizzes (10% each)\n- 2 essays: 20% each\n"
          "- Final exam (30%), each page counts\n",
     "assess Three quizzes | 30 | -\nassess 2 essays | 40 | -\n"
     "assess Final exam | 30 | -\n"},
    {"several of a kind in a sentence",
     HEAD "Your grade is made up of two essays (20% each, due in May), class "
          "participation (10%) and a final exam (50%).\n",
     "assess two essays | 40 | -\nassess class participation | 10 | -\n"
     "assess final exam | 50 | -\n"},
    {"a list of points",
     "## Grade Breakdown\n\n- Case study: 25 points (due June 3, 2026)\n"
     "- Group project: 35 pts (due July 1)\n- Final presentation: 40 marks "
     "(July 20)\n",
     "assess Case study | 25 | June 3, 2026\n"
     "assess Group project | 35 | July 1\n"
     "assess Final presentation | 40 | July 20\n"},
    {"no points: a single one is a remark",
     HEAD "- Late homework: 10 points off\n", ""},
    {"no points beside percentages",
     HEAD "- Exam: 60%\n- Labs: 40%\n- Each lab report: 10 points\n",
     "assess Exam | 60 | -\nassess Labs | 40 | -\n"},
    {"a list with dashes and dates",
     HEAD "- Midterm exam 25% - October 14, 2026\n"
          "- Final exam 45% \xE2\x80\x93 16 December 2026\n"
          "- Homework: 30%, due every Friday\n",
     "assess Midterm exam | 25 | October 14, 2026\n"
     "assess Final exam | 45 | 16 December 2026\n"
     "assess Homework | 30 | every Friday\n"},
    {"weights in parentheses",
     HEAD "* Homework (30%)\n* Quizzes (20 percent), weekly\n"
          "* Project (50%), due 2026-12-11\n",
     "assess Homework | 30 | -\nassess Quizzes | 20 | weekly\n"
     "assess Project | 50 | 2026-12-11\n"},
    {"weights first in a list",
     HEAD "- 25% Midterm exam, October 14\n- 35%: Final exam\n"
          "- 40% \xE2\x80\x94 Problem sets (best five of six)\n",
     "assess Midterm exam | 25 | October 14\nassess Final exam | 35 | -\n"
     "assess Problem sets | 40 | -\n"},
    {"dates before the weight",
     HEAD "1. Midterm, Friday, October 14, 2026 (25%)\n"
          "2. Final exam on 16 December: 75%\n",
     "assess Midterm | 25 | October 14, 2026\n"
     "assess Final exam | 75 | 16 December\n"},
    {"plain text with leader dots and columns",
     "GRADING\n\nHomework ............ 40%\n"
     "Midterm exam      25%    10/14/2026\n"
     "Final exam\t35%\t16.12.2026\n",
     "assess Homework | 40 | -\nassess Midterm exam | 25 | 10/14/2026\n"
     "assess Final exam | 35 | 16.12.2026\n"},
    {"names only a list of weights makes clear",
     HEAD "- Blog: 20%\n- Code golf: 80%\n",
     "assess Blog | 20 | -\nassess Code golf | 80 | -\n"},
    {"several in one line",
     "Grading: homework 20%, midterm 30%, final exam 50%\n",
     "assess homework | 20 | -\nassess midterm | 30 | -\n"
     "assess final exam | 50 | -\n"},
    {"the date on a line below",
     HEAD "- Midterm exam (25%)\n  - Date: October 14, 2026\n"
          "- Essay (75%)\n  Due: 3 December, by noon\n",
     "assess Midterm exam | 25 | October 14, 2026\n"
     "assess Essay | 75 | 3 December\n"},
    {"headings with weights",
     HEAD "### Midterm exam (25%)\n\nDue on October 14, 2026. Closed book.\n\n"
          "### Term paper \xE2\x80\x93 75%\n\nTen pages.\n",
     "assess Midterm exam | 25 | October 14, 2026\n"
     "assess Term paper | 75 | -\n"},
    {"a line outside of any heading, by its name",
     "Participation: 10%\n\nFinal project: 90%\n",
     "assess Participation | 10 | -\nassess Final project | 90 | -\n"},
    {"a continued item",
     HEAD "- Laboratory reports, written\n  in pairs: 15%\n- Exam: 85%\n",
     "assess Laboratory reports, written in pairs | 15 | -\n"
     "assess Exam | 85 | -\n"},
    {"no assessment: letters and ranges",
     HEAD "- A: 90-100%\n- B: 80\xE2\x80\x93" "89%\n- C 70% - 79%\n- D: 60%\n"
          "- Pass: 50%\n- A+ 97%+\n", ""},
    {"no assessment: limits and totals",
     HEAD "- Total: 100%\n- Passing grade: at least 50%\n"
          "- Late penalty: 10% per day\n- Minimum on the exam: 40%\n"
          "- 90% and above is an A\n", ""},
    {"no assessment: other percentages outside",
     "## Policies\n\n- Similarity below 20%\n- 80% of students pass\n"
     "- Battery: 50%\n", ""},
    {"no assessment: topics",
     "## Units\n\n- Test coverage of 80% and what it means\n", ""},

    /* Sentences. */
    {"is worth",
     "The midterm exam is worth 25% of your grade and takes place on "
     "October 14, 2026.\n",
     "assess midterm exam | 25 | October 14, 2026\n"},
    {"several verbs",
     "Homework counts for 30% of the grade, the midterm accounts for 30%, and "
     "the final exam makes up 40%.\n",
     "assess Homework | 30 | -\nassess midterm | 30 | -\n"
     "assess final exam | 40 | -\n"},
    {"in parentheses",
     "Your grade is based on homework (40%), a midterm (25%), and a final "
     "exam (35%).\n",
     "assess homework | 40 | -\nassess midterm | 25 | -\n"
     "assess final exam | 35 | -\n"},
    {"weight first",
     "There are two parts. 60% of the grade comes from the final exam and 40% "
     "from the laboratory reports.\n",
     "assess final exam | 60 | -\nassess laboratory reports | 40 | -\n"},
    {"over two lines",
     "The term paper is graded twice, and in the end the paper\n"
     "will be worth 55% of the result.\n",
     "assess paper | 55 | -\n"},
    {"percent as a word", "The quiz counts for 12.5 percent.\n",
     "assess quiz | 12.5 | -\n"},
    {"no assessment: passing",
     "You pass the course with 50% in total and at least 40% in the final "
     "examination. The weights add up to 100%.\n", ""},
    {"no assessment: late work",
     "Late homework loses 10% per day. Assignments more than 3 days late are "
     "worth 50%.\n", ""},
    {"no assessment: things that are none",
     "Rent makes up 40% of the cost. The network is worth 25% of the "
     "building.\n", ""},
    {"no assessment: attendance rules",
     "You must attend 80% of the labs. Last year 95% of students passed the "
     "final exam.\n", ""},
    {"no assessment: a fact about the exam",
     "The exam takes 90 minutes, and 70% of it is about unit 3.\n", ""},
};

int main(void)
{
    return run_offline_rows("offline assessments", rows,
                            sizeof rows / sizeof rows[0]);
}
