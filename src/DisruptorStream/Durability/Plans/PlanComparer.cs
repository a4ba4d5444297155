using DisruptorStream.Durability.Plans.Records;

namespace DisruptorStream.Durability.Plans;

/// <summary>Compares the plan of a processor with the one whose state a directory holds.</summary>
/// <remarks>
/// A name stands for one thing: what has a name of before and means something else is impossible, so that no result
/// goes on under a name that has come to mean something else.
/// </remarks>
internal sealed class PlanComparer
{
    private readonly RecordedPlan _saved;
    private readonly RecordedPlan _now;
    private readonly List<PlanPart> _parts = [];
    private readonly List<PlanOptionChange> _options = [];
    private readonly string _advice;

    // The name that its state is shown by; null where the queries have names of their own.
    private readonly string? _onlyName;

    private PlanComparer(RecordedPlan saved, RecordedPlan now, string elsewhere)
    {
        _saved = saved;
        _now = now;
        _onlyName = saved.IsStream || now.IsStream ? null : saved.Name;
        _advice = now.IsStream ? "give it another name" : elsewhere;
    }

    /// <param name="directory">The directory.</param>
    /// <param name="saved">The plan whose state it holds.</param>
    /// <param name="now">The plan that is to go on there.</param>
    /// <param name="slotsBehind">Slots behind the newest snapshot.</param>
    /// <param name="elsewhere">What to do where it cannot go on there.</param>
    public static PlanComparison Compare(
        string directory,
        RecordedPlan saved,
        RecordedPlan now,
        long slotsBehind,
        string elsewhere = "choose another directory")
    {
        var comparer = new PlanComparer(saved, now, elsewhere);
        comparer.CompareInputs();
        foreach (var query in now.Queries)
            comparer.CompareQuery(query);
        comparer.AddDropped(PlanPartKind.Query, null, saved.Queries, now.Queries);

        comparer.CompareOptions(null, saved.Options, now.Options);
        return new PlanComparison(directory)
        {
            IsSame = saved.Fingerprint == now.Fingerprint,
            Parts = comparer._parts,
            Options = comparer._options,
            Remarks = TimeZoneComparer.RemarksOn(saved, now),
            SlotsBehind = slotsBehind,
        };
    }

    private void CompareInputs()
    {
        if (_saved.IsStream != _now.IsStream)
        {
            Impossible(
                PlanPartKind.Input,
                null,
                "events",
                _now.IsStream ? "it had one query, and is a stream" : "it was a stream, and has one query");
        }

        if (_saved.ProcessingTime != _now.ProcessingTime)
        {
            Impossible(
                PlanPartKind.Input,
                null,
                "events",
                _now.ProcessingTime
                    ? "its windows went by the time of the events, and go by the clock"
                    : "its windows went by the clock, and go by the time of the events");
        }

        if (_saved.HoldsEvents && !_now.HasSlotsOf(_saved))
        {
            Impossible(
                PlanPartKind.Input,
                null,
                "events",
                "the jump guard may hold some, with the keys, measures and filters of before; leave these as they are");
        }

        CompareKeys();
        CompareMeasures();
    }

    private void CompareKeys()
    {
        foreach (var key in _now.Keys)
        {
            if (_saved.Keys.Find(key.Name) is not { } saved)
                Add(PlanPartKind.Key, null, key.Name, PlanOutcome.StartedEmpty);
            else if (saved.Identity != key.Identity)
                Impossible(PlanPartKind.Key, null, key.Name, $"it was {saved.Type}, and is {key.Type}");
            else
                Add(PlanPartKind.Key, null, key.Name, PlanOutcome.Kept);
        }

        AddDropped(PlanPartKind.Key, null, _saved.Keys, _now.Keys);
    }

    private void CompareMeasures()
    {
        var tables = new Dictionary<int, int>();
        foreach (var measure in _now.Measures)
        {
            if (_saved.Measures.Find(measure.Name) is not { } saved)
                Add(PlanPartKind.Measure, null, measure.Name, PlanOutcome.StartedEmpty);
            else if (!string.Equals(saved.Type, measure.Type, StringComparison.Ordinal))
                Impossible(PlanPartKind.Measure, null, measure.Name, $"it was {saved.Type}, and is {measure.Type}");
            else if (saved.SymbolTable >= 0 != measure.SymbolTable >= 0)
                Impossible(PlanPartKind.Measure, null, measure.Name, "its symbols were kept in another place");
            else if (!IsInOneTable(tables, saved, measure))
                Impossible(PlanPartKind.Measure, null, measure.Name, "it shared its table of symbols with another one");
            else
                Add(PlanPartKind.Measure, null, measure.Name, PlanOutcome.Kept);
        }

        AddDropped(PlanPartKind.Measure, null, _saved.Measures, _now.Measures);
    }

    /// <summary>Whether symbols that were numbered together still are.</summary>
    private static bool IsInOneTable(Dictionary<int, int> tables, RecordedMeasure saved, RecordedMeasure measure) =>
        saved.SymbolTable < 0
        || tables.TryAdd(saved.SymbolTable, measure.SymbolTable)
        || tables[saved.SymbolTable] == measure.SymbolTable;

    private void CompareQuery(RecordedQuery query)
    {
        var place = _saved.PlaceOf(query.Name);
        if (place < 0)
        {
            Add(PlanPartKind.Query, null, NameOf(query), PlanOutcome.StartedEmpty);
            return;
        }

        var saved = _saved.Queries[place];
        if (WhyAnother(saved, query) is { } why)
        {
            Impossible(PlanPartKind.Query, null, NameOf(query), why);
            return;
        }

        Add(PlanPartKind.Query, null, NameOf(query), PlanOutcome.Kept);
        foreach (var metric in query.Metrics)
            CompareMetric(saved, query, metric);
        AddDropped(PlanPartKind.Metric, NameOf(query), saved.Metrics, query.Metrics);
        CompareOptions(NameOf(query), saved.Options, query.Options);
        CompareColumns(saved, query);
    }

    private string NameOf(RecordedQuery query) => _onlyName ?? query.Name;

    private static string? WhyAnother(RecordedQuery saved, RecordedQuery query)
    {
        for (var point = 0; point < query.Meaning.Count; point++)
        {
            var now = query.Meaning[point];
            var before = point < saved.Meaning.Count ? saved.Meaning[point] : null;
            if (before is null || (before.Identity != now.Identity && before.Identity != RecordedPart.Nothing))
                return $"{now.Name} of before: {before?.Text ?? "unknown"}; now: {now.Text}";
        }

        var reason = query.FixedMetrics.Length > 0 ? query.FixedMetrics : saved.FixedMetrics;
        return reason.Length == 0 || query.Metrics.HasNamesOf(saved.Metrics)
            ? null
            : $"its metrics are others, and {reason}";
    }

    private void CompareMetric(RecordedQuery saved, RecordedQuery query, RecordedMetric metric)
    {
        if (saved.Metrics.Find(metric.Name) is not { } before)
        {
            var isMade = metric.Accumulator < 0;
            var isThere = !isMade && saved.CanServe(metric, query);
            Add(
                PlanPartKind.Metric,
                NameOf(query),
                metric.Name,
                isMade || isThere ? PlanOutcome.Kept : PlanOutcome.StartedEmpty,
                isMade ? "it is new, and made of others" : isThere ? "it is new, and reads what is there" : "");
            return;
        }

        var isRead = before.Accumulator < 0
            ? metric.Accumulator < 0
            : metric.Accumulator >= 0 && metric.CanRead(saved.Accumulators[before.Accumulator]);
        if (!isRead)
        {
            Impossible(
                PlanPartKind.Metric,
                NameOf(query),
                metric.Name,
                $"it was {saved.TextOf(before)}, and is {query.TextOf(metric)}");
            return;
        }

        Add(PlanPartKind.Metric, NameOf(query), metric.Name, PlanOutcome.Kept);
        if (!string.Equals(before.Text, metric.Text, StringComparison.Ordinal))
            _options.Add(new PlanOptionChange(NameOf(query), $"metric {metric.Name}", before.Text, metric.Text));
    }

    private void CompareColumns(RecordedQuery saved, RecordedQuery query)
    {
        var before = KeptOf(saved.Metrics, query.Metrics);
        var now = KeptOf(query.Metrics, saved.Metrics);
        if (!string.Equals(before, now, StringComparison.Ordinal))
            _options.Add(new PlanOptionChange(NameOf(query), "order of the metrics", before, now));
    }

    /// <summary>The names that the other one has too, in this one's order.</summary>
    private static string KeptOf(IReadOnlyList<RecordedMetric> metrics, IReadOnlyList<RecordedMetric> other)
    {
        var kept = new List<string>();
        foreach (var metric in metrics)
        {
            if (other.PlaceOf(metric.Name) >= 0)
                kept.Add(metric.Name);
        }

        return string.Join(", ", kept);
    }

    private void CompareOptions(
        string? query, IReadOnlyList<RecordedOption> saved, IReadOnlyList<RecordedOption> now)
    {
        foreach (var option in now)
        {
            var before = saved.Find(option.Name)?.Value ?? RecordedOption.None;
            if (!string.Equals(before, option.Value, StringComparison.Ordinal))
                _options.Add(new PlanOptionChange(query, option.Name, before, option.Value));
        }
    }

    /// <summary>What was there and is not any more.</summary>
    private void AddDropped<T>(PlanPartKind kind, string? query, IReadOnlyList<T> saved, IReadOnlyList<T> now)
        where T : INamed
    {
        foreach (var part in saved)
        {
            if (now.PlaceOf(part.Name) < 0)
                Add(kind, query, part.Name, PlanOutcome.Dropped);
        }
    }

    private void Impossible(PlanPartKind kind, string? query, string name, string why) =>
        Add(kind, query, name, PlanOutcome.Impossible, kind == PlanPartKind.Input ? why : $"{why}; {_advice}");

    private void Add(PlanPartKind kind, string? query, string name, PlanOutcome outcome, string reason = "") =>
        _parts.Add(new PlanPart(kind, query, name, outcome, reason));
}
