using System.Globalization;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Properties.Model;

namespace DisruptorStream.Properties;

/// <summary>How demanding the random cases were, on average.</summary>
internal sealed class CaseTally
{
    private long _cases;
    private long _events;
    private long _keys;
    private long _late;
    private long _windows;
    private long _refired;
    private long _held;
    private long _quiet;

    public double EventsPerCase => (double)_events / _cases;

    public double KeysPerCase => (double)_keys / _cases;

    /// <summary>Events that were held for a jump.</summary>
    public double HeldPerCase => (double)_held / _cases;

    /// <summary>Watermarks of the clock alone.</summary>
    public double QuietPerCase => (double)_quiet / _cases;

    /// <summary>The share of events that were late for a window of theirs.</summary>
    public double LateShare => (double)_late / _events;

    /// <summary>The share of windows that fired more than once.</summary>
    public double RefiredShare => (double)_refired / _windows;

    public void Add(WindowVector vector, WindowModel model, WindowOutcome outcome)
    {
        _cases++;
        _events += model.Events;
        _late += model.LateEvents;
        _held += model.HeldEvents;
        _quiet += model.QuietWatermarks;
        _keys += vector.Steps.OfType<WindowStep.Event>().Select(published => published.Key).Distinct().Count();
        var windows = outcome.Panes
            .Where(pane => pane.Timing != "retract")
            .GroupBy(pane => (pane.Key, pane.Start, pane.End))
            .ToList();
        _windows += windows.Count;
        _refired += windows.Count(panes => panes.Count() > 1);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_cases} cases; on average {EventsPerCase:F1} events over {KeysPerCase:F1} keys, {LateShare:P1} late, "
        + $"{RefiredShare:P1} of the windows fired more than once; {HeldPerCase:F1} events held, {QuietPerCase:F1} "
        + $"watermarks of the clock");
}
