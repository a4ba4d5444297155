using System.Globalization;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Identities;
using DisruptorStream.Messages;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Plans.Recording;

/// <summary>Makes of a query what a directory remembers of it.</summary>
internal static class QueryRecorder
{
    public static RecordedQuery Record(ProcessorPlan plan, QueryPlan query) => new()
    {
        Name = query.Name,
        Meaning = Meaning(plan, query),
        Metrics = MetricRecorder.MetricsOf(query),
        Accumulators = MetricRecorder.AccumulatorsOf(query.Layout),
        RecordBytes = query.Layout.RecordBytes,
        MarksOffset = MetricRecorder.MarksOffsetOf(query.Layout),
        FixedMetrics = WhyFixed(query),
        Options = OptionsOf(query),
    };

    /// <summary>Equal for as long as it is the same query, whatever its metrics and options are.</summary>
    public static Fingerprint MeaningOf(ProcessorPlan plan, QueryPlan query)
    {
        var writer = new IdentityWriter();
        writer.Add(query.Name);
        foreach (var part in Meaning(plan, query))
        {
            writer.Add(part.Name);
            writer.Add(unchecked((long)part.Identity.High));
            writer.Add(unchecked((long)part.Identity.Low));
        }

        return writer.Fingerprint;
    }

    private static IReadOnlyList<RecordedPart> Meaning(ProcessorPlan plan, QueryPlan query)
    {
        var input = plan.Inputs[0];
        var windows = query.Window.Definition.Describe();
        return
        [
            Part("keys", KeyText(input, query), writer => Identify(writer, input, query)),
            Part("events", EventsText(plan, query), writer => IdentifyEvents(writer, plan, query)),
            Part("windows", $"{windows}, {query.Window.StoreName}", query.Window.Identify),
            Part(
                "time",
                query.KeyTime is null ? "one watermark" : "each key's own",
                writer => writer.Add(query.KeyTime is not null)),
            Part("panes", PanesText(query), writer => IdentifyPanes(writer, query)),
            LatePanes(query),
            Part(
                "gaps",
                query.Gaps is { } gaps ? $"filled with {gaps.With}" : "not filled",
                writer => query.Gaps?.Identify(writer)),
            Part(
                "top",
                query.Top is { } top ? $"the best of each {GroupText(top.Within)}" : "all",
                writer => query.Top?.Identify(writer, query.Metrics)),
        ];
    }

    private static RecordedPart Part(string name, string text, Action<IdentityWriter> identify)
    {
        var writer = new IdentityWriter();
        identify(writer);
        return new RecordedPart(name, text, writer.Fingerprint);
    }

    private static string KeyText(InputPlan input, QueryPlan query)
    {
        var key = input.Keys[query.KeyColumn];
        return key.IsNamed ? $"{key.Name} ({TypeText.Of(key.KeyType)})" : TypeText.Of(key.KeyType);
    }

    private static void Identify(IdentityWriter writer, InputPlan input, QueryPlan query)
    {
        var key = input.Keys[query.KeyColumn];
        writer.Add(key.Name);
        writer.Add(key.KeyType);
    }

    private static string EventsText(ProcessorPlan plan, QueryPlan query)
    {
        if (query.Panes is { } panes)
        {
            var late = panes.IncludesLate ? ", late ones too" : "";
            return $"the panes of '{plan.Queries[panes.Query].Name}'{late}";
        }

        return query.Selection is { FilterName.Length: > 0 } selection ? $"where {selection.FilterName}" : "all";
    }

    private static void IdentifyEvents(IdentityWriter writer, ProcessorPlan plan, QueryPlan query)
    {
        writer.Add(query.Selection?.FilterName ?? "");
        if (query.Panes is not { } panes)
            return;
        writer.Add(plan.Queries[panes.Query].Name);
        writer.Add(panes.Part);
        writer.Add(panes.SizeTicks);
        writer.Add(panes.IncludesLate);
        if (!panes.IncludesLate)
            return;

        // The panes are kept with all their values.
        writer.BeginList(query.Measures.Count);
        foreach (var measure in query.Measures)
            measure.Identify(writer);
    }

    private static string PanesText(QueryPlan query) =>
        query.Accumulation.ToString().ToLowerInvariant() + (query.Early is null ? "" : ", early ones");

    /// <summary>Without lateness, shared slices keep nothing of late panes: then they may come later.</summary>
    private static RecordedPart LatePanes(QueryPlan query)
    {
        const string Name = "late panes";
        return query is { AllowedLatenessTicks: 0, Window.SharesSlices: true }
            ? new RecordedPart(Name, "none", RecordedPart.Nothing)
            : Part(Name, query.Late?.Settings ?? "at the expiry", writer => Identify(writer, query.Late));
    }

    private static void IdentifyPanes(IdentityWriter writer, QueryPlan query)
    {
        writer.Add((long)query.Accumulation);
        Identify(writer, query.Early);
    }

    private static void Identify(IdentityWriter writer, PaneTrigger? trigger)
    {
        writer.Add(trigger is not null);
        trigger?.Identify(writer);
    }

    private static string GroupText(IReadOnlyList<string> within) =>
        within.Count == 0 ? "window" : $"window and {string.Join(", ", within)}";

    private static string WhyFixed(QueryPlan query)
    {
        if (query.Gaps is not null)
            return "the windows that are filled repeat the values of all of them";
        return query.Top is null ? "" : "the panes of which the best are shown are kept with the values of all of them";
    }

    private static IReadOnlyList<RecordedOption> OptionsOf(QueryPlan query)
    {
        return
        [
            new("AllowedLateness", PlanRecorder.Span(query.AllowedLatenessTicks)),
            new("Having", query.Having ?? PlanRecorder.None),
            new("Early", query.Early?.Settings ?? PlanRecorder.None),
            new("Late", query.Late?.Settings ?? PlanRecorder.None),
            new("FillGaps", query.Gaps is { } gaps ? $"at most {Number(gaps.MaxEmpty)} in a row" : PlanRecorder.None),
            new("Top", TopText(query)),
            new("KeyTime", KeyTimeText(query)),
            new("NonFinite", query.NonFinite.ToString()),
            new("MaxWindowsPerKey", Number(query.MaxWindowsPerKey)),
            new("WindowOverflow", query.WindowOverflow.ToString()),
            new("MaxSlices", Number(query.MaxSlices)),
        ];
    }

    private static string TopText(QueryPlan query) => query.Top is { } top
        ? $"{Number(top.Count)} {(top.IsAscending ? "smallest" : "largest")} by {top.By}"
        : PlanRecorder.None;

    private static string KeyTimeText(QueryPlan query) => query.KeyTime is { } time
        ? $"{PlanRecorder.Span(time.MaxOutOfOrdernessTicks)} behind, "
            + $"closed after {PlanRecorder.Span(time.CloseAfterTicks)}"
        : PlanRecorder.None;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
