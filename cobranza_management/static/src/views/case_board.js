import { registry } from "@web/core/registry";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** A column head that keeps its number of cases beside the bar. */
class CaseBoardHeader extends KanbanHeader {
    static template = "cobranza_management.CaseBoardHeader";
}

class CaseBoardRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanHeader: CaseBoardHeader };
}

registry.category("views").add("cobranza_case_board", {
    ...kanbanView,
    Renderer: CaseBoardRenderer,
});
