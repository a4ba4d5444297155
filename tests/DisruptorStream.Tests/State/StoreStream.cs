using CsCheck;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State;

/// <summary>Random events and watermarks for stores of fixed windows, beside what LINQ makes of them.</summary>
internal static class StoreStream
{
    /// <summary>Events in disorder, and the watermarks that follow, ascending.</summary>
    public static Gen<((int Key, long Time, double Value)[] Events, long[] Watermarks)> Any { get; } = Gen.Select(
        Gen.Select(Gen.Int[0, 3], Gen.Long[-60, 60], Gen.Int[-9, 9].Select(value => (double)value)).Array[1, 60],
        Gen.Long[-80, 120].Array[0, 6],
        (events, watermarks) => (events, watermarks.Order().ToArray()));

    /// <summary>The only panes of every window, by end, start and key.</summary>
    public static IEnumerable<string> Expected(
        SliceGrid grid, IEnumerable<(int Key, long Time, double Value)> events) =>
        events
            .SelectMany(one => WindowsOf(grid, one.Time).Select(window => (Window: window, Event: one)))
            .GroupBy(pair => (pair.Window, pair.Event.Key))
            .OrderBy(group => group.Key)
            .Select(group => $"{grid.WindowStart(group.Key.Window)}..{grid.WindowEnd(group.Key.Window)} "
                + $"key {group.Key.Key} OnTime 0 {group.Count()}:{group.Sum(pair => pair.Event.Value)} Last");

    /// <summary>Adds each event in its slice; those of holes are not for the store.</summary>
    public static void Add(DirectStore store, SliceGrid grid, IEnumerable<(int Key, long Time, double Value)> events)
    {
        foreach (var one in events)
        {
            Assert.True(grid.TryLocate(one.Time, out var slice));
            if (!grid.IsHole(slice))
                store.Add(new() { Slice = slice, WatermarkTicks = long.MinValue }, one);
        }
    }

    private static IEnumerable<long> WindowsOf(SliceGrid grid, long time)
    {
        Assert.True(grid.TryLocate(time, out var slice));
        for (var window = grid.FirstWindowOf(slice); window <= grid.LastWindowOf(slice); window++)
            yield return window;
    }
}
