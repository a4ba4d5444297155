using DisruptorStream.LoadTests.Limits;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>
/// A loop that gets its events through a small ring of slots, on one thread: the least that an engine with a ring does.
/// </summary>
internal sealed class SlotsLimit : Limit
{
    private const int Slots = 1024;
    private const int BatchEvents = 512;

    private readonly Limit _loop;
    private readonly InputEvent[] _slots = new InputEvent[Slots];
    private int _next;

    public SlotsLimit(Limit loop)
        : base(loop.Digest) => _loop = loop;

    public override void Process(ReadOnlySpan<InputEvent> events)
    {
        while (events.Length > 0)
        {
            var batch = events[..Math.Min(BatchEvents, events.Length)];
            var slots = _slots.AsSpan(_next, batch.Length);
            for (var index = 0; index < slots.Length; index++)
            {
                if (!double.IsFinite(batch[index].Value))
                    throw new InvalidOperationException("The generators make finite values only.");
                slots[index] = batch[index];
            }

            _next = (_next + BatchEvents) & (Slots - 1);
            _loop.Process(slots);
            events = events[batch.Length..];
        }
    }

    public override void Finish() => _loop.Finish();

    public override void Dispose()
    {
        _loop.Dispose();
        base.Dispose();
    }

    protected override void Run(ReadOnlySpan<InputEvent> events) => Process(events);

    protected override void Close()
    {
    }
}
