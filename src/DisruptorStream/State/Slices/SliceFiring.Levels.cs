using DisruptorStream.State.Firing;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Slices;

/// <content>
/// What a store of several sizes asks of each, which has its own order of the steps: one window at a time.
/// </content>
internal sealed unsafe partial class SliceFiring
{
    /// <summary>The window that <see cref="HasWindow"/> found.</summary>
    public TimeWindow Window => new(_grid.WindowStart(_window), _grid.WindowEnd(_window));

    /// <summary>Makes ready to fire the windows of a step.</summary>
    public void BeginWindows(in FiringStep step)
    {
        _windowOpen = false;
        _window = _grid.FirstWindowEndingAfter(step.FromTicks);
    }

    /// <summary>Finds the next window that is complete at the watermark and has state; false for none.</summary>
    public bool HasWindow(long watermark) => FindNextWindow(watermark, out _);

    /// <summary>Fires the window that was found; true once all its panes are emitted.</summary>
    /// <param name="step">The step of the watermark.</param>
    /// <param name="budget">How many panes; what is left of it.</param>
    public bool TryFireWindow(in FiringStep step, ref int budget)
    {
        if (!_windowOpen && !TryOpenNextWindow(step.Ticks, ref budget))
            return false;
        while (budget > 0 && _windowOpen)
            budget = FireKeys(step, budget);
        return !_windowOpen;
    }

    /// <summary>
    /// Gives up slices whose last window has expired, and what was made of them; true once it is done.
    /// </summary>
    /// <param name="step">The step of the watermark.</param>
    /// <param name="budget">How many keys, records and pages; what is left of it.</param>
    public bool TryDrop(in FiringStep step, ref int budget) =>
        TryDropSlices(step, ref budget) && TryDropFolds(ref budget);
}
