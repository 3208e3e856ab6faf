"""Reads of the composed pages, one module a page."""

from essaim.web.queries.pages import Found, list_home_actions_for, search_for
from essaim.web.queries.side import GoodNews, Side, side_of_todo_for
from essaim.web.queries.todo import Todo, TodoFilters, TodoLine, count_todo_for, get_line_for, list_todo_for, todo_for

__all__ = [
    "Found",
    "GoodNews",
    "Side",
    "Todo",
    "TodoFilters",
    "TodoLine",
    "count_todo_for",
    "get_line_for",
    "list_home_actions_for",
    "list_todo_for",
    "search_for",
    "side_of_todo_for",
    "todo_for",
]
