/*
 * test_offline_units.c - units and their topics, and what only looks like it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_offline_rows.h"

static offline_row rows[] = {
    {"headings of every word and number",
     "## Unit 1: Sets\n\n## Unit 2 - Maps\n\n## Unit 3 Groups\n\n"
     "## Unit IV \xE2\x80\x94 Rings\n\n## Unit Five: Fields\n",
     "unit 1 Sets\nunit 2 Maps\nunit 3 Groups\nunit 4 Rings\nunit 5 Fields\n"},
    {"modules, chapters, parts",
     "### Module 1: A\n\n### Chapter 2. B\n\n### Part 3: C\n",
     "unit 1 A\nunit 2 B\nunit 3 C\n"},
    {"bulleted topics, also over two lines and nested",
     "### Unit 1: Sets\n\nSome words about it.\n\n- Union\n* Intersection and\n"
     "  difference\n  - of two\n1. Power sets\n\nMore words.\n\n"
     "### Unit 2: Maps\n\n- Kernel;\n- Image.\n",
     "unit 1 Sets: Union; Intersection and difference; of two; Power sets\n"
     "unit 2 Maps: Kernel; Image\n"},
    {"topics with numbers of their unit",
     "Module 1. Revolutions\n   1.1 America\n   1.2 France\n"
     "Module 2. Industry\n2.1 Britain\n2.10 The continent\n",
     "unit 1 Revolutions: America; France\n"
     "unit 2 Industry: Britain; The continent\n"},
    {"remarks among topics are none",
     "### Unit 1: Sets\n\n- Reading: Halmos, chapter 1\n- Union\n"
     "- Homework 1: due on Friday\n- Quiz 1 is due next week\n- October 14\n"
     "- Lab: draw diagrams\n",
     "unit 1 Sets: Union\n"},
    {"topics in one line",
     "### Unit 1: Sets\n\nTopics: union, intersection, power sets.\n\n"
     "### Unit 2: Maps\n\n**Topics include:** f(a, b); g\n",
     "unit 1 Sets: union; intersection; power sets\nunit 2 Maps: f(a, b); g\n"},
    {"the topics end at the next heading",
     "### Unit 1: Sets\n\n- Union\n\n## Policies\n\n- Be kind\n",
     "unit 1 Sets: Union\n"},
    {"weeks, with dates in parentheses",
     "## Schedule\n\n### Week 1 (September 7): Introduction\n\n- Why\n\n"
     "### Week 2: Basics (September 14)\n\n### Weeks 3-4: More\n",
     "unit 1 Introduction: Why\nunit 2 Basics (September 14)\nunit 3 More\n"},
    {"weeks in plain text",
     "SCHEDULE\n\nWeek 1: Introduction\nWeek 2: Basics\n  - Syntax\n"
     "  - Semantics\nWeek 3 - Review\n",
     "unit 1 Introduction\nunit 2 Basics: Syntax; Semantics\nunit 3 Review\n"},
    {"weeks as a list",
     "- Week 1: Introduction\n  - Why\n  - How\n- Week 2: Basics\n",
     "unit 1 Introduction: Why; How\nunit 2 Basics\n"},
    {"titles on the next line",
     "## Week 1\n\nSorting\n\n- Merge sort\n\n## Week 2\n\n- Heaps\n",
     "unit 1 Sorting: Merge sort\nunit 2 Week 2: Heaps\n"},
    {"a table of weeks",
     "## Schedule\n\n| Week | Topic | Reading |\n|---|---|---|\n"
     "| 1 | Introduction | ch. 1 |\n| 2 | Basics | ch. 2 |\n"
     "| 3 | No class | |\n| 4-5 | Review | |\n",
     "unit 1 Introduction\nunit 2 Basics\nunit 4 Review\n"},
    {"a table with titles and topics",
     "| Unit | Title | Topics |\n|---|---|---|\n"
     "| Unit 1 | Sets | union, power sets |\n| Unit 2 | Maps | kernel<br>image "
     "|\n",
     "unit 1 Sets: union; power sets\nunit 2 Maps: kernel; image\n"},
    {"units come before weeks",
     "### Unit 1: Sets\n\nWeeks 1-2, from 7 September 2026.\n\n- Union\n\n"
     "## Calendar\n\nWeek 1: First lecture\n",
     "unit 1 Sets: Union\n"},
    {"the same unit twice", "### Unit 1: Sets\n\n- Union\n\n### Unit 1: Sets\n",
     "unit 1 Sets: Union\n"},
    {"emphasis and links in titles",
     "### **Unit 1:** *Sets* and [maps](https://example.org/x)\n",
     "unit 1 Sets and maps\n"},
    {"headings under lines",
     "Unit 1: Sets\n------------\n\n- Union\n\nUnit 2: Maps\n============\n",
     "unit 1 Sets: Union\nunit 2 Maps\n"},
    {"capitals", "UNIT 1: SETS\n\n- Union\n", "unit 1 SETS: Union\n"},
    {"no unit: sentences",
     "Unit 3 covers sets. Week 5 is free.\n\nUnit 4, like unit 3, is long.\n"
     "Chapter 2; Fall and Stevens, chapter 12.\nWeek 8 has no lecture.\n", ""},
    {"no unit: in the middle of a line",
     "The exam covers Unit 1: Sets, and more.\n", ""},
    {"no unit: small letters", "week 5: by arrangement\n", ""},
    {"no unit: words that go on", "### United: a history\n\n### Parting 1: b\n",
     ""},
    {"no unit: a calendar",
     "| Date | What happens |\n|---|---|\n| 7 September 2026 | First lecture "
     "|\n", ""},
    {"no unit: a table of weights",
     "| Week | Weight |\n|---|---|\n| 3 | 20% |\n", ""},
    {"no unit: numbered headings of a handbook",
     "1. Opening hours\n\nFrom 8 to 20.\n\n2. What is there\n\nBenches.\n",
     ""},
    {"no unit: code", "```\n## Unit 1: Sets\n```\n", ""},
};

int main(void)
{
    return run_offline_rows("offline units", rows,
                            sizeof rows / sizeof rows[0]);
}
