using DisruptorStream.Building;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Jobs.Windowing;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>What a query is to do with the rows that it takes.</summary>
internal sealed record QuerySettings
{
    /// <summary>Its name; null for the only query of a job.</summary>
    public string? Name { get; init; }

    public required WindowSpec Window { get; init; }

    /// <summary>How windows without events are filled; null where they are not.</summary>
    public FillSpec? Fill { get; init; }

    public required AggregateList Aggregates { get; init; }

    /// <summary>The condition of which results are written; null for all.</summary>
    public string? Having { get; init; }

    /// <summary>Where its results go; null for where the results of all such queries go.</summary>
    public string? Output { get; init; }

    /// <summary>Where the events go that entered no window of it; null for nowhere.</summary>
    public string? LateOutput { get; init; }

    /// <summary>Adds to a step what is said of its windows.</summary>
    public TStep Apply<TStep>(WindowedStepBase<TStep, string> step, JobSettings settings)
        where TStep : WindowedStepBase<TStep, string>
    {
        // A silence is told once, so that no late event can change it.
        var windowed = step.AllowedLateness(Window.TellsSilence ? TimeSpan.Zero : settings.Lateness);
        if (settings.KeyTime is { } bound)
            windowed = windowed.WatermarksPerKey(bound);
        return Fill is null ? windowed : windowed.FillGaps(Fill.MaxEmpty, Fill.With);
    }

    /// <summary>Whether its rows begin with its name: they may stand among those of others.</summary>
    public bool ShowsName => Name is not null && Output is null;
}
