using DisruptorStream.Conformance.Cases;
using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Conformance.Running;

/// <summary>Notes every pane with the step that brought it forth.</summary>
internal sealed class PaneCollector : IResultSink<string>
{
    private readonly List<Pane> _panes = [];
    private int _step;

    public IReadOnlyList<Pane> Panes => _panes;

    /// <summary>The step under way. Set while nothing is in flight.</summary>
    public int Step
    {
        get => Volatile.Read(ref _step);
        set => Volatile.Write(ref _step, value);
    }

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
        {
            if (result.IsFailed)
                throw new InvalidOperationException($"The window {result} failed.", result.Failure);
            _panes.Add(new Pane(
                Step,
                result.Key,
                result.Window.StartTicks,
                result.Window.EndTicks,
                (long)result.GetDouble("count"),
                result.IsNull("sum") ? null : result.GetInt64("sum"),
                NameOf(result.Timing),
                result.PaneIndex,
                result.IsFilled));
        }
    }

    private static string NameOf(PaneTiming timing) => timing switch
    {
        PaneTiming.Early => "early",
        PaneTiming.OnTime => "on_time",
        PaneTiming.Late => "late",
        _ => "retract",
    };
}
