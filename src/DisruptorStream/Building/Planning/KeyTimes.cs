using DisruptorStream.Plans;
using DisruptorStream.State.Sessions.Clocks;

namespace DisruptorStream.Building.Planning;

/// <summary>Where each key goes by a time of its own: refuses what needs one time for all keys.</summary>
internal static class KeyTimes
{
    /// <summary>How the time of each key goes on; null where all go by the same watermark.</summary>
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static KeyTimeRules? Of<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        if (definition.KeyTime is null)
            return null;
        if (definition.ProcessingTime)
        {
            throw Refused(
                "windows go by the clock here, which is the same for all; leave out WatermarksPerKey or "
                + "InProcessingTime",
                nameof(definition));
        }

        if (definition.Top is not null)
        {
            throw Refused(
                "Top ranks the keys of a window once the watermark of all has passed its end, and there is none; leave "
                + "one of the two out",
                nameof(definition));
        }

        if (definition.Gaps is not null)
        {
            throw Refused(
                "gaps are filled where all keys have windows at the same time; leave out WatermarksPerKey or FillGaps",
                nameof(definition));
        }

        return definition.KeyTime;
    }

    /// <summary>Refuses what looks after the time of sources, where only keys have one.</summary>
    /// <exception cref="ArgumentException">There is such a setting.</exception>
    public static void ThrowIfSourcesCount<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        if (definition.KeyTime is null)
            return;
        if (definition.Watermarks.JumpGuard is not null)
        {
            throw Refused(
                "a clock that is ahead harms no key but its own, so that there is nothing to guard; leave out "
                + "JumpGuard or WatermarksPerKey",
                nameof(definition));
        }

        if (definition.Watermarks.IdleTimeout is not null)
        {
            throw Refused(
                "no key waits for a source, so that IdleTimeout changes nothing; leave it out", nameof(definition));
        }
    }

    /// <summary>Refuses a query that reads panes where either has a time for each key.</summary>
    /// <exception cref="ArgumentException">It is so.</exception>
    public static void ThrowIfRead(string query, QueryPlan plan, QueryPlan read)
    {
        if (read.KeyTime is not null)
        {
            throw new ArgumentException(
                $"The query '{query}' reads the panes of '{read.Name}', where each key has a watermark of its own "
                + "(WatermarksPerKey), so that there is none to follow; leave that out there, or read the events.",
                nameof(query));
        }

        if (plan.KeyTime is not null)
        {
            throw new ArgumentException(
                $"The query '{query}' reads the panes of '{read.Name}', which come by the watermark of all keys; leave "
                + "out WatermarksPerKey, or read the events.",
                nameof(query));
        }
    }

    private static ArgumentException Refused(string reason, string parameterName) =>
        new($"With WatermarksPerKey each key has a watermark of its own, and {reason}.", parameterName);
}
