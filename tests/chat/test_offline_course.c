/*
 * test_offline_course.c - which course it is, and its books; what only looks
 * like it; and texts that are nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_offline_rows.h"

static offline_row rows[] = {
    /* The course. */
    {"code and title in the first heading", "# CS 342: Networked Systems\n",
     "code CS 342\ntitle Networked Systems\n"},
    {"other marks between them",
     "# MATH-101 \xE2\x80\x93 Calculus I\n",
     "code MATH-101\ntitle Calculus I\n"},
    {"no mark between them", "PHYS2410A Quantum Mechanics\n\nText.\n",
     "code PHYS2410A\ntitle Quantum Mechanics\n"},
    {"a code of digits", "# 6.006: Introduction to Algorithms\n",
     "code 6.006\ntitle Introduction to Algorithms\n"},
    {"a code alone", "# CS 342\n", "code CS 342\n"},
    {"with the word syllabus",
     "# Course Syllabus: CS 342 - Networked Systems\n",
     "code CS 342\ntitle Networked Systems\n"},
    {"a title without a code, beside other facts",
     "# Introduction to Algorithms \xE2\x80\x94 Syllabus\n\nTerm: Fall 2026\n\n"
     "### Unit 1: Sorting\n",
     "title Introduction to Algorithms\nterm Fall 2026\nunit 1 Sorting\n"},
    {"pairs with colons",
     "Course code: BIO 120\nCourse title: Cells\nInstructor: Prof. Ada King\n"
     "Semester: Spring 2027\n",
     "code BIO 120\ntitle Cells\ninstructor Prof. Ada King\n"
     "term Spring 2027\n"},
    {"pairs in bold, as a list",
     "- **Course:** BIO 120: Cells\n- **Lecturer:** Dr. A. King "
     "(king@x.example)\n- **Term** \xE2\x80\x93 Winter 2026/27\n",
     "code BIO 120\ntitle Cells\ninstructor Dr. A. King\n"
     "term Winter 2026/27\n"},
    {"pairs in a table",
     "| | |\n|---|---|\n| Course code | CS 342 |\n| Instructor | Dr. Ingrid "
     "Halvorsen |\n| Contact | a@b.example |\n| Term | Autumn 2026 |\n",
     "code CS 342\ninstructor Dr. Ingrid Halvorsen\nterm Autumn 2026\n"},
    {"addresses without parentheses",
     "Instructor: Ada King, king@x.example\n", "instructor Ada King\n"},
    {"term and instructor in the first lines",
     "# CS 1010: Programming\n\nFall Semester 2026\nTaught by Ada King\n",
     "code CS 1010\ntitle Programming\ninstructor Ada King\n"
     "term Fall Semester 2026\n"},
    {"the year before the season", "# CS 1010: Programming\n\n2026 Spring\n",
     "code CS 1010\ntitle Programming\nterm 2026 Spring\n"},
    {"the first one counts",
     "# CS 342: Networks\n\nInstructor: Ada King\nInstructor: Bob Ray\n"
     "Course title: Something else\n",
     "code CS 342\ntitle Something else\ninstructor Ada King\n"},
    {"below the school that gives it",
     "UNIVERSITY OF NORTHERN PLAINS\nDepartment of Computer Science\n\n"
     "CS 2110: Data Structures and Algorithms\nSpring 2027\n",
     "code CS 2110\ntitle Data Structures and Algorithms\n"
     "term Spring 2027\n"},
    {"below the school, without a code",
     "University of the Plains\n\n# Data Structures\n\n### Unit 1: Lists\n",
     "title Data Structures\nunit 1 Lists\n"},
    {"a subject in full with a number",
     "History 230 - The Modern World\n\n### Unit 1: Revolutions\n",
     "code History 230\ntitle The Modern World\nunit 1 Revolutions\n"},
    {"no course: a room with a number",
     "Room 314: Rules\n\n### Unit 1: Doors\n", "unit 1 Doors\n"},
    {"no course: another one is required",
     "You need CS 201 (Operating Systems). MATH 101 is helpful.\n", ""},
    {"no course: a handbook",
     "NETWORKS LABORATORY, ROOM C 0.17\nA short handbook for students of CS "
     "342\n\n1. Opening hours\n\nThe laboratory is open.\n", ""},
    {"no course: words with numbers", "# Top 100: the best\n\n# HTTP/2\n", ""},
    {"no term: a season in a sentence far below",
     "a\n\nb\n\nc\n\nd\n\ne\n\nf\n\ng\n\nh\n\ni\n\nj\n\nk\n\nl\n\nm\n\nn\n\no\n"
     "\np\n\nq\n\nIn autumn 2025 it rained.\n", ""},

    /* Books. */
    {"a list below a heading",
     "## Books\n\n- James Kurose and Keith Ross, *Computer Networking*, "
     "Pearson, 2021\n- Grigorik, I. (2013). *High Performance Browser "
     "Networking*. O'Reilly.\n",
     "book James Kurose and Keith Ross, Computer Networking, Pearson, 2021\n"
     "book Grigorik, I. (2013). High Performance Browser Networking. "
     "O'Reilly\n"},
    {"title, author, year in parentheses",
     "Required texts:\n- Sapiens, Yuval Harari (2014)\n",
     "book Sapiens, Yuval Harari (2014)\n"},
    {"labels with a value",
     "Required text: Introduction to Algorithms by Cormen et al.\n"
     "Textbook: Sipser, Theory of Computation, 3rd edition\n"
     "Recommended: Knuth, The Art of Computer Programming, 1968\n",
     "book Introduction to Algorithms by Cormen et al\n"
     "book Sipser, Theory of Computation, 3rd edition\n"
     "book Knuth, The Art of Computer Programming, 1968\n"},
    {"an ISBN on the same line, anywhere",
     "## Before you start\n\n- Buy Strunk, The Elements of Style, ISBN "
     "978-0-205-30902-3\n",
     "book Buy Strunk, The Elements of Style, ISBN 978-0-205-30902-3\n"},
    {"an ISBN on a line of its own",
     "## Textbook\n\nAlan Turing: Collected Works, 1992\nISBN: 0-444-88058-9\n",
     "book Alan Turing: Collected Works, 1992, ISBN: 0-444-88058-9\n"},
    {"a book over two lines",
     "## Literature\n\nJames Kurose and Keith Ross,\n*Computer Networking*, "
     "Pearson, 2021\n\nKnuth, *Art of Programming*, 1968\n",
     "book James Kurose and Keith Ross, Computer Networking, Pearson, 2021\n"
     "book Knuth, Art of Programming, 1968\n"},
    {"a table of books",
     "## Books\n\n| Author | Title | Year |\n|---|---|---|\n"
     "| Knuth | The Art | 1968 |\n| Sipser | Computation | |\n",
     "book Knuth, The Art, 1968\nbook Sipser, Computation\n"},
    {"the same book twice",
     "## Books\n\n- Knuth, *The Art*, 1968\n- Knuth: The Art (1968)\n",
     "book Knuth, The Art, 1968\n"},
    {"no book: what is said about them",
     "## Books\n\nAll four are on the reserve shelf of the library. The second "
     "was printed\nin 2011, and you can borrow it.\n\n- Bring your own\n", ""},
    {"no book: readings of a week",
     "### Unit 1: Sets\n\nReading: Kurose and Ross, chapter 1.\n"
     "Reading: Fall, chapters 12 to 16; Stevens, chapter 2.\n",
     "unit 1 Sets\n"},
    {"no book: a version line",
     "*Version of 24 August 2026. Changes are announced.*\n", ""},
    {"no book: a label without one",
     "Required text: none.\nTextbook: see the course page\nText: to be told\n",
     ""},

    /* Nothing. */
    {"nothing", "", ""},
    {"white space", " \n\t\n\n", ""},
    {"a poem", "The fog comes\non little cat feet.\n\nIt sits looking\n", ""},
    {"marks without text",
     "# \n##\n- \n*\n| | |\n|---|\n||\n> \n```\n~~~\n---\n===\n1.\n%\n", ""},
    {"lines of emphasis alone", "**\n\n- **\n\n`\n\n**Exam** 5%\n__\n# *\n",
     "assess Exam | 5 | -\n"},
    {"marks that are not closed",
     "[a](b\n![c\n**d\n`e\n| f\n- [ ] g\n<br\n\\\n5%\n(10%)\n", ""},
};

static void test_the_middle_of_a_document(void **state)
{
    (void)state;
    const char text[] = "Reliable transport\n\n### Unit 5: Routing\n\n- BGP\n";
    expect_facts(text, sizeof text - 1, 0, "unit 5 Routing: BGP\n");
}

static const char full[] =
    "# CS 342: Networks\n\n| Term | Autumn 2026 |\n|---|---|\n\n"
    "### Unit 1: A (b): c\n\n- d\n  e\n\n## Assessment\n\n| Item | % | Due "
    "|\n|---|---|---|\n| Exam | 20 | 14 Oct |\n\n- Lab (80%) \xE2\x80\x93 "
    "due 2026-10-14\n\nThe quiz is worth 10%, say we.\n\n## Books\n\n"
    "- [Knuth](x), *Art*, 1968\nISBN 0-444-88058-9\n";

static void expect_survival(const char *text, size_t len)
{
    char *const copy = (char *)malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);
    json_t *const facts = syllabus_read(span_of(copy, len), 1);
    assert_true(json_is_object(facts));
    json_decref(facts);
    free(copy);
}

/* Every way of cutting a text must be survived; what is found may differ. */
static void test_every_prefix_is_read(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof full; len++) {
        expect_survival(full, len);
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 8;
}

/* So must marks at places where they mean nothing. */
static void test_marks_anywhere_are_read(void **state)
{
    (void)state;
    static const char *const marks[] = {
        "|", "**", "\n", "\n\n", "- ", "# ", "%", "(", "[", "](", "`",
        "Week 3: ", "25%", "ISBN 9780000000000", "\xE2\x80\x93", "due ",
        "14 October 2026", ":", "\t", "---\n", "|---|\n", "\xFF"};
    uint32_t seed = 7;
    for (int i = 0; i < 2000; i++) {
        char text[sizeof full + 256];
        size_t len = sizeof full - 1;
        memcpy(text, full, len);
        for (int k = 0; k < 10; k++) {
            const char *const mark =
                marks[next_random(&seed) % (sizeof marks / sizeof marks[0])];
            const size_t at = next_random(&seed) % (len + 1);
            memmove(text + at + strlen(mark), text + at, len - at);
            memcpy(text + at, mark, strlen(mark));
            len += strlen(mark);
        }
        expect_survival(text, len);
    }
}

#define ROW_COUNT (sizeof rows / sizeof rows[0])

int main(void)
{
    static struct CMUnitTest tests[ROW_COUNT + 3] = {
        cmocka_unit_test(test_the_middle_of_a_document),
        cmocka_unit_test(test_every_prefix_is_read),
        cmocka_unit_test(test_marks_anywhere_are_read),
    };
    (void)FILL_ROWS(tests + 3, rows, name, run_offline_row);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
