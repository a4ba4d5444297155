using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>
/// One dictionary for all windows and keys, closed at the end: right for events in any order, and only for that.
/// </summary>
internal sealed class ReferenceLimit : Limit
{
    private readonly Dictionary<(long End, int Key), Moments> _states = new();

    public ReferenceLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
    }

    public override void Process(ReadOnlySpan<InputEvent> events)
    {
        foreach (ref readonly var next in events)
        {
            var end = next.Milliseconds - (next.Milliseconds % Size) + Size;
            ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_states, (end, next.Key), out var exists);
            if (!exists)
                state = Moments.Empty;
            state.Add(next.Value);
        }
    }

    protected override void Run(ReadOnlySpan<InputEvent> events) => Process(events);

    protected override void Close()
    {
        foreach (var (window, state) in _states)
            state.Emit(Digest, window.End, window.Key);
        _states.Clear();
    }
}
