"""Make everything that the library hands out for the bundled night: ``python examples/gallery.py [FOLDER]``.

The folder ``zh`` holds it in Chinese, ``en`` in English; ``docs/gallery.md`` shows each of them. Needs no network.
PDF needs a Chromium, Chrome or Edge, ``explore.html`` the extra ``notebook``; without them these files are left out.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import patrolroute as pr

PLOTS = {
    "routes": pr.draw_routes,
    "gantt": pr.draw_gantt,
    "idleness": pr.draw_idleness,
    "coverage": pr.draw_coverage,
    "response": pr.draw_response,
}


def main(
    folder: str = "out-gallery",
    *,
    work: int = 8_000,
    fleets: Iterable[int] = (12, 16, 20, 24),
    proof: bool = True,
    langs: Iterable[str] = ("zh", "en"),
) -> pr.PatrolPlan:
    """Plan the night, prove how good the plan is, ask what other fleets would do, and write all of it."""
    path = pr.bundled_night()
    run = pr.NightRun(pr.read_night(path), path.parent)
    problem = run.problem()
    plan = run.solve(problem, work_limit=work).plan
    if proof:
        plan = pr.bound(problem).on(plan)
    found = pr.what_if(problem, crews=fleets, work_limit=work // 8, seed=1)
    for lang in langs:
        out = Path(folder) / lang
        plan.save(out, lang=lang)
        _more(plan, out, lang)
        _study(found, plan, out, lang)
        _anew(plan, out, lang, work)
    print(plan.summary("zh"))
    print(f"\noutputs in {Path(folder).resolve()}")
    return plan


def _more(plan: pr.PatrolPlan, out: Path, lang: str) -> None:
    """Write what ``plan.save`` leaves to be asked for: PDF, plots, the notebook's map."""
    (out / "plots").mkdir(exist_ok=True)
    for name, draw in PLOTS.items():
        draw(plan, lang=lang).figure.savefig(out / "plots" / f"{name}.png")
    for write in (_pdf, _notebook):
        try:
            write(plan, out, lang)
        except pr.PatrolRouteError as error:  # it says what this computer lacks
            print(error)


def _pdf(plan: pr.PatrolPlan, out: Path, lang: str) -> None:
    plan.to_sheets(out, lang=lang, pdf=True)


def _notebook(plan: pr.PatrolPlan, out: Path, lang: str) -> None:
    plan.explore(lang=lang).save(out / "explore.html")


def _study(found: pr.WhatIf, plan: pr.PatrolPlan, out: Path, lang: str) -> None:
    """Write what other fleets would do, and how the plan differs from that of the smallest one."""
    found.to_csv(out / "what_if.csv", lang=lang)
    found.to_png(out / "what_if.png", lang=lang)
    (out / "what_if.txt").write_text(found.summary(lang) + "\n", encoding="utf-8")
    changes = pr.compare(found.variants[0].plan, plan)
    (out / "compare.txt").write_text(changes.summary(lang) + "\n", encoding="utf-8")


def _anew(plan: pr.PatrolPlan, out: Path, lang: str, work: int) -> None:
    """Write the slips of the night planned anew after a car has broken down at ten."""
    found = pr.replan(plan, at="22:00", out_of_service=["市局03"], most_changed=0.2, work_limit=work // 20)
    try:
        found.save_changes(out, lang=lang, pdf=True)
    except pr.OutputError as error:  # it says what this computer lacks
        print(error)
        found.save_changes(out, lang=lang)


if __name__ == "__main__":
    main(*sys.argv[1:2])
