import { Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloat } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const WIDTH = 120;
const HEIGHT = 28;

/** The points of a small line through `values`, which may have gaps; "" when there is nothing to draw. */
export function sparkPoints(values, width = WIDTH, height = HEIGHT) {
    const known = values.filter((value) => value !== null);
    if (known.length < 2) {
        return "";
    }
    const low = Math.min(...known);
    const span = Math.max(...known) - low || 1;
    const step = width / (values.length - 1);
    return values
        .map((value, place) =>
            value === null ? null : `${(place * step).toFixed(1)},${(height - 2 - ((value - low) / span) * (height - 4)).toFixed(1)}`
        )
        .filter(Boolean)
        .join(" ");
}

/** A number as the user's language writes it. */
function inWords(value) {
    return formatFloat(value, { digits: [16, Number.isInteger(value) ? 0 : 1] });
}

/** A figure that opens what is behind it: value, change, target, a small line; its formula on hover. */
export class BoardTile extends Component {
    static template = "cobranza_reports.BoardTile";
    static props = { tile: Object, onOpen: Function };

    get spark() {
        return sparkPoints(this.props.tile.spark);
    }
}

/** A question, and what answers it. */
export class BoardPanel extends Component {
    static template = "cobranza_reports.BoardPanel";
    static props = { title: String, wide: { type: Boolean, optional: true }, empty: { type: String, optional: true }, slots: { type: Object, optional: true } };
}

/** Bars beside each other, each with its amount; a click opens what it is made of. */
export class BoardBars extends Component {
    static template = "cobranza_reports.BoardBars";
    static props = { bars: Array, onOpen: Function };
}

/** A chart that is drawn again only when what it shows has changed. */
export class BoardChart extends Component {
    static template = "cobranza_reports.BoardChart";
    static props = { config: Object };

    setup() {
        this.canvas = useRef("canvas");
        onMounted(() => this.draw());
        onPatched(() => this.draw());
        onWillUnmount(() => this.chart?.destroy());
    }

    draw() {
        const drawn = JSON.stringify(this.props.config);
        if (drawn === this.drawn) {
            return;
        }
        this.drawn = drawn;
        this.chart?.destroy();
        const { options = {}, ...config } = JSON.parse(drawn);
        const { x, y } = options.scales;
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            ...config,
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { intersect: false, mode: "index" },
                ...options,
                scales: { x, y: { ...y, ticks: { callback: inWords } } },
                plugins: {
                    legend: { position: "bottom", labels: { usePointStyle: true, boxHeight: 7 } },
                    tooltip: { callbacks: { label: ({ dataset, parsed }) => `${dataset.label}: ${inWords(parsed.y)}` } },
                    ...options.plugins,
                },
            },
        });
    }
}

/** Which company, and over which period. */
export class BoardFilters extends Component {
    static template = "cobranza_reports.BoardFilters";
    static props = {
        board: Object,
        periods: { type: Array, optional: true },
        period: { type: [String, Number], optional: true },
        onChoose: Function,
    };
}

/** What all dashboards do: read the board of the model, again when something is chosen, and open records. */
export class BoardPage extends Component {
    static components = { BoardBars, BoardChart, BoardFilters, BoardPanel, BoardTile, Layout };
    static props = { ...standardActionServiceProps };
    static model = "";
    static choices = {};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        const saved = this.props.state || {};
        this.state = useState({ board: null, companyId: false, ...this.constructor.choices, ...saved });
        // whoever looks behind a figure comes back to what they had chosen
        useSetupAction({ getLocalState: () => this.chosen });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    get chosen() {
        const names = ["companyId", ...Object.keys(this.constructor.choices)];
        return Object.fromEntries(names.map((name) => [name, this.state[name]]));
    }

    /** The arguments of `get_board`, the company last. */
    get args() {
        return [...Object.keys(this.constructor.choices).map((name) => this.state[name]), this.state.companyId];
    }

    async load() {
        this.state.board = await this.orm.call(this.constructor.model, "get_board", this.args);
        this.state.companyId = this.state.board.company_id;
    }

    async choose(values) {
        Object.assign(this.state, values);
        await this.load();
    }

    async openFrom(method, args) {
        return this.action.doAction(await this.orm.call(this.constructor.model, method, args));
    }

    openRecord(model, id) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }
}
