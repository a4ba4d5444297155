using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Identities;
using DisruptorStream.Messages;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Plans.Recording;

/// <summary>Makes of a plan what a directory remembers of it.</summary>
internal static class PlanRecorder
{
    /// <summary>In the place of a value that is not set.</summary>
    public const string None = RecordedOption.None;

    public static RecordedPlan Record(ProcessorPlan plan)
    {
        var input = plan.Inputs[0];
        var queries = new List<RecordedQuery>();
        var zones = new Dictionary<string, RecordedZone>(StringComparer.Ordinal);
        var hasKeyZones = false;
        foreach (var query in plan.Queries)
        {
            queries.Add(QueryRecorder.Record(plan, query));
            hasKeyZones |= query.Window.Definition.HasKeyZones;
            foreach (var zone in query.Window.Definition.Zones)
                zones[zone.Id] = new RecordedZone(zone.Id, TimeZoneRules.FingerprintOf(zone));
        }

        return new RecordedPlan
        {
            Name = plan.Name,
            IsStream = plan.IsStream,
            Keys = KeysOf(input),
            Measures = MeasuresOf(input),
            Filters = input.Filters,
            ProcessingTime = input.ProcessingTime,
            HoldsEvents = input.JumpGuard is not null,
            Options = OptionsOf(input),
            Queries = queries,
            Zones = [.. zones.Values],
            HasKeyZones = hasKeyZones,
            TimeZoneVersion = TimeZoneRules.Version,
        };
    }

    /// <summary>A length of time as text; none for one below zero.</summary>
    public static string Span(long ticks) =>
        ticks < 0 ? None : TimeSpan.FromTicks(ticks).ToString("c", CultureInfo.InvariantCulture);

    private static List<RecordedKey> KeysOf(InputPlan input)
    {
        var keys = new List<RecordedKey>();
        foreach (var key in input.Keys)
        {
            var writer = new IdentityWriter();
            writer.Add(key.KeyType);

            // By name: a key that comes before may be a new one.
            writer.BeginList(key.Parts.Count);
            foreach (var part in key.Parts)
                writer.Add(input.Keys[part].Name);
            keys.Add(new RecordedKey(key.Name, TypeText.Of(key.KeyType), writer.Fingerprint));
        }

        return keys;
    }

    private static List<RecordedMeasure> MeasuresOf(InputPlan input)
    {
        var tables = new List<SymbolTable>();
        var measures = new List<RecordedMeasure>();
        foreach (var measure in input.Rules.Measures)
        {
            if (measure.Symbols is { } symbols && !tables.Contains(symbols))
                tables.Add(symbols);
            var table = measure.Symbols is { } found ? tables.IndexOf(found) : -1;
            measures.Add(new RecordedMeasure(measure.Name, measure.Type.ToString(), table));
        }

        return measures;
    }

    private static IReadOnlyList<RecordedOption> OptionsOf(InputPlan input)
    {
        var guard = input.JumpGuard is { } jumps
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Span(jumps.Jump.Ticks)}, {jumps.Keys} of key '{input.Keys[input.GuardedKey].Name}' or "
                + $"{jumps.Events} events")
            : None;
        return
        [
            new("MaxOutOfOrderness", Span(input.MaxOutOfOrdernessTicks)),
            new("IdleTimeout", Span(input.IdleTimeoutTicks)),
            new("AdvanceWhenQuiet", Span(input.QuietAfterTicks)),
            new("JumpGuard", guard),
        ];
    }
}
