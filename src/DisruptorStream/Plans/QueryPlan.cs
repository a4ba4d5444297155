using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.State;
using DisruptorStream.State.Accumulators;
using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Plans;

/// <summary>One question to an input: its windows, what it keeps, when it shows that, and what it may hold.</summary>
internal sealed record QueryPlan
{
    /// <summary>The user's name of it.</summary>
    public required string Name { get; init; }

    /// <summary>Which of the input's keys it groups by.</summary>
    public required int KeyColumn { get; init; }

    /// <summary>The measures of its events.</summary>
    public required IReadOnlyList<MeasureDefinition> Measures { get; init; }

    /// <summary>The query whose panes are its events; null where it has those of the input.</summary>
    public PaneInputPlan? Panes { get; init; }

    /// <summary>What it takes of the input; null for all as it is.</summary>
    public SelectionPlan? Selection { get; init; }

    public required WindowPlan Window { get; init; }

    /// <summary>How the time of each key goes on; null where all go by the same watermark.</summary>
    public required KeyTimeRules? KeyTime { get; init; }

    /// <summary>
    /// Whether its store follows the watermark event by event, and so has to see events that its filter refuses.
    /// </summary>
    public bool FollowsWatermark => Window.Slices is null && KeyTime is null;

    /// <summary>How long after its end a window still takes events.</summary>
    public required long AllowedLatenessTicks { get; init; }

    public required AccumulationMode Accumulation { get; init; }

    /// <summary>What fires early panes; null for none.</summary>
    public required PaneTrigger? Early { get; init; }

    /// <summary>What fires late panes; null if only the expiry flushes them, or no window takes late events.</summary>
    public required PaneTrigger? Late { get; init; }

    /// <summary>How windows without events are filled; null where they are not.</summary>
    public required GapFilling? Gaps { get; init; }

    /// <summary>Which panes of a window are shown; null for all.</summary>
    public required TopRanking? Top { get; init; }

    /// <summary>The condition of which panes are shown: an expression over the metrics; null for all panes.</summary>
    public string? Having { get; init; }

    /// <summary>The metrics, in the order of the results' columns.</summary>
    public required IReadOnlyList<MetricDefinition> Metrics { get; init; }

    /// <summary>The record of a key and window.</summary>
    public required AccumulatorLayout Layout { get; init; }

    /// <summary>Which metrics are read from what a state was saved with.</summary>
    public AccumulatorPins Pins { get; init; } = AccumulatorPins.None;

    public required NonFinitePolicy NonFinite { get; init; }

    public required int MaxWindowsPerKey { get; init; }

    public required WindowOverflowPolicy WindowOverflow { get; init; }

    /// <summary>Slices that may be open at once.</summary>
    public required int MaxSlices { get; init; }

    /// <summary>How long a key without state keeps its id; null for as long as the processor lives.</summary>
    public required long? RetentionTicks { get; init; }

    /// <summary>Whether somebody wants to see dropped events.</summary>
    public required bool RoutesDropped { get; init; }

    /// <summary>Values of a row: those of a result, or of a dropped event.</summary>
    public int RowWidth => Math.Max(Metrics.Count, Measures.Count);

    /// <summary>The columns of its results.</summary>
    /// <param name="keyParts">The names of the parts of its key, in order; empty for a key without a name.</param>
    public ResultSchema NewResultSchema(IReadOnlyList<string> keyParts)
    {
        MetricDefinition[] metrics = [.. Metrics];
        return new ResultSchema(
            Array.ConvertAll(metrics, metric => metric.Name),
            Array.ConvertAll(metrics, metric => metric.ResultType),
            Array.ConvertAll(metrics, metric => metric.IsCount))
        {
            KeyParts = keyParts,
        };
    }

    /// <summary>The columns of its dropped events.</summary>
    public ResultSchema NewMeasureSchema()
    {
        MeasureDefinition[] measures = [.. Measures];
        return new ResultSchema(
            Array.ConvertAll(measures, measure => measure.Name),
            Array.ConvertAll(measures, measure => measure.Type),
            noun: "measure");
    }

    /// <summary>Writes what saved state depends on. Lateness, limits and outputs may change.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(Name);
        writer.Add(KeyColumn);
        writer.Add(Panes is not null);
        Panes?.Identify(writer);
        writer.Add(Selection is not null);
        Selection?.Identify(writer);
        Window.Identify(writer);
        if (KeyTime is not null)
            writer.Add("by each key's time");
        writer.Add((long)Accumulation);
        Identify(writer, Early);
        Identify(writer, Late);
        Layout.Identify(writer);
        Gaps?.Identify(writer);
        Top?.Identify(writer, Metrics);
    }

    private static void Identify(IdentityWriter writer, PaneTrigger? trigger)
    {
        writer.Add(trigger is not null);
        trigger?.Identify(writer);
    }
}
