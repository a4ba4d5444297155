using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>The runs of one batch, in order. Reused; grows to the largest batch it has seen.</summary>
internal sealed class RunList
{
    private EventRun[] _runs = new EventRun[256];

    public int Count { get; private set; }

    public ReadOnlySpan<EventRun> Runs => _runs.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(in EventRun run)
    {
        if (Count == _runs.Length)
            Array.Resize(ref _runs, Count * 2);
        if (Count > 0)
            _runs[Count - 1].HasMore = run.FirstSequence == _runs[Count - 1].LastSequence;
        _runs[Count++] = run;
    }
}
