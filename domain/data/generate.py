#!/usr/bin/env python3
"""Writes holidays-cn.json from the JSON file of the npm package chinese-days, checked against PyPI chinesecalendar.

Usage: generate.py CHINESE_DAYS_JSON FIRST_YEAR LAST_YEAR > holidays-cn.json
"""

import datetime
import json
import sys

import chinese_calendar

NAMES = {
    "清明": "清明节",
    "端午": "端午节",
    "中秋": "中秋节",
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": "抗战胜利纪念日",
}


def entries(listed, kind, first, last):
    for date, description in listed.items():
        if first <= int(date[:4]) <= last:
            english, chinese, _ = description.split(",")
            chinese = NAMES.get(chinese, chinese)
            if kind == "workday":
                english, chinese = f"{english} (make-up workday)", f"{chinese}调休上班"
            yield date, {"day": kind, "name": {"zh": chinese, "en": english}}


def disagreements(days, first, last):
    date = datetime.date(first, 1, 1)
    while date.year <= last:
        entry = days.get(date.isoformat())
        worked = entry["day"] == "workday" if entry else date.weekday() < 5
        if worked != chinese_calendar.is_workday(date):
            yield date
        date += datetime.timedelta(days=1)


def main(path, first, last):
    with open(path, encoding="utf-8") as source:
        source = json.load(source)
    days = dict(entries(source["holidays"], "holiday", first, last))
    days.update(entries(source["workdays"], "workday", first, last))
    if different := list(disagreements(days, first, last)):
        sys.exit(f"the two sources disagree about {', '.join(map(str, different))}")
    lines = [f"    {json.dumps(date)}: {json.dumps(days[date], ensure_ascii=False)}" for date in sorted(days)]
    years = json.dumps(list(range(first, last + 1)))
    print("{\n  \"years\": " + years + ",\n  \"days\": {\n" + ",\n".join(lines) + "\n  }\n}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
