using System.Globalization;
using DisruptorStream.Plans;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Building.Planning.Panes;

/// <summary>Finds out which panes of a query another one reads; refuses what has no meaning.</summary>
internal static class ReadPanes
{
    /// <param name="name">The name of the query that reads.</param>
    /// <param name="read">The query that is read.</param>
    /// <param name="place">The place of it.</param>
    /// <param name="size">The size of the windows; null where none is named.</param>
    /// <param name="includeLate">Whether late panes are read too.</param>
    /// <exception cref="ArgumentException">These panes cannot be read.</exception>
    public static PaneInputPlan Of(
        string name, StreamQueryDefinition read, int place, TimeSpan? size, bool includeLate)
    {
        if (includeLate)
            ThrowUnlessReplaced(name, read);
        return new PaneInputPlan(place, PaneInputPlan.WholeKey)
        {
            SizeTicks = SizeOf(name, read, size),
            IncludesLate = includeLate,
        };
    }

    /// <summary>The windows that are read.</summary>
    /// <param name="read">The query that is read.</param>
    /// <param name="panes">What is read of it.</param>
    public static WindowDefinition WindowsOf(StreamQueryDefinition read, PaneInputPlan panes)
    {
        if (read.Window is not SeveralWindows several)
            return read.Window;
        foreach (var windows in several.Sizes)
        {
            if (windows is FixedWindows fixedOnes && fixedOnes.SizeTicks == panes.SizeTicks)
                return windows;
        }

        throw new InvalidOperationException($"'{read.Name}' has no windows of {panes.SizeTicks} ticks.");
    }

    private static long SizeOf(string name, StreamQueryDefinition read, TimeSpan? size)
    {
        if (read.Window is not SeveralWindows several)
        {
            return size is null || (read.Window is FixedWindows one && one.SizeTicks == size.Value.Ticks)
                ? 0
                : throw new ArgumentException(
                    $"The query '{name}' reads panes of '{read.Name}', which has no windows of {size}, but those that "
                    + $"are {read.Window.Describe()}; leave the size out.",
                    nameof(size));
        }

        var sizes = new List<string>();
        var found = 0;
        foreach (var windows in several.Sizes)
        {
            if (windows is not FixedWindows fixedOnes)
            {
                throw new ArgumentException(
                    $"The query '{name}' reads panes of '{read.Name}', some of whose windows are "
                    + $"{windows.Describe()}, so that their length does not tell the sizes apart; give those a query "
                    + "of their own.",
                    nameof(size));
            }

            found += fixedOnes.SizeTicks == size?.Ticks ? 1 : 0;
            sizes.Add(TimeSpan.FromTicks(fixedOnes.SizeTicks).ToString("c", CultureInfo.InvariantCulture));
        }

        if (found == 1)
            return size!.Value.Ticks;
        var all = string.Join(", ", sizes);
        throw new ArgumentException(
            size is null
                ? $"The query '{name}' reads panes of '{read.Name}', which has windows of several sizes; name one of "
                    + $"them: {all}."
                : $"The query '{name}' reads panes of '{read.Name}', which "
                    + (found == 0 ? $"has no windows of {size}" : $"has {found} kinds of windows of {size}")
                    + $", but {all}; name one that there is once, or give it a query of its own.",
            nameof(size));
    }

    /// <summary>
    /// A late pane can take the place of the one before it where it holds all so far, and always comes.
    /// </summary>
    private static void ThrowUnlessReplaced(string name, StreamQueryDefinition read)
    {
        var reason = read switch
        {
            { Accumulation: AccumulationMode.Discarding } =>
                "each of which holds what came since the one before, so none takes the place of another; let them "
                + "accumulate",
            { HasCondition: true } =>
                "of which Having leaves out some, so that an earlier one would stand for a late one that is left out; "
                + $"put the condition into '{name}'",
            { Window: GapWindows } =>
                "which are those of sessions that merge, so that a late one is of another window; read those that are "
                + "on time alone",
            { Window: SilenceWindows } =>
                "where a late one tells the end of a silence and takes the place of none; read those that are on time "
                + "alone",
            _ => null,
        };
        if (reason is not null)
        {
            throw new ArgumentException(
                $"The query '{name}' reads late panes of '{read.Name}' too, {reason}.", nameof(read));
        }
    }
}
