using DisruptorStream.Plans;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Building.Planning.Panes;

/// <summary>Makes the windows in which each pane of a query lies beside earlier ones of its key.</summary>
internal static class EarlierPanes
{
    /// <param name="name">The query's name.</param>
    /// <param name="read">The query whose panes it reads.</param>
    /// <param name="panes">How it reads them.</param>
    /// <param name="earlier">How long before a pane those lie that it is compared with.</param>
    /// <exception cref="ArgumentException">
    /// The other query's panes cannot be compared, or not over such a time.
    /// </exception>
    public static EarlierWindows WindowsOf(
        string name, StreamQueryDefinition read, PaneInputPlan panes, TimeSpan earlier)
    {
        if (panes.Part != PaneInputPlan.WholeKey)
        {
            throw new ArgumentException(
                $"The query '{name}' compares panes with earlier ones and groups those of '{read.Name}' by a part of "
                + "their key, so that several come at a time; group by the whole key, or put a query between the two "
                + "that adds them up.",
                nameof(panes));
        }

        var compared = ReadPanes.WindowsOf(read, panes);
        var (sizeTicks, slideTicks, offsetTicks) = compared switch
        {
            FixedWindows windows => (windows.SizeTicks, windows.SlideTicks, windows.OffsetTicks),
            EarlierWindows windows =>
                (windows.EarlierTicks + windows.SlideTicks, windows.SlideTicks, windows.OffsetTicks),
            _ => throw new ArgumentException(
                $"The query '{name}' compares panes of '{read.Name}' with earlier ones, and its windows do not come at "
                + $"equal times: they are {compared.Describe()}; let it have tumbling or sliding windows of one "
                + "size.",
                nameof(read)),
        };
        if (earlier.Ticks < slideTicks || earlier.Ticks % slideTicks != 0
            || earlier.Ticks > SliceGrid.MaxSizeTicks - slideTicks)
        {
            throw new ArgumentOutOfRangeException(
                nameof(earlier),
                earlier,
                $"The query '{name}' compares panes of '{read.Name}' with those of {earlier} before, and these come "
                + $"every {TimeSpan.FromTicks(slideTicks)}; take a multiple of that.");
        }

        // So that a slice begins where a window of the other query ends.
        var edgeTicks = TickMath.FloorMod(
            TickMath.FloorMod(offsetTicks, slideTicks) + (sizeTicks % slideTicks), slideTicks);
        return new EarlierWindows(earlier.Ticks, slideTicks, edgeTicks);
    }
}
