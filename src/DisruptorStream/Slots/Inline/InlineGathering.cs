using System.Runtime.CompilerServices;

namespace DisruptorStream.Slots.Inline;

/// <summary>
/// Single events of one thread that are filled into the slots to come, and are handled together: they are judged as the
/// one before them was, and fire nothing.
/// </summary>
/// <remarks>
/// Whoever enters the ring by the ordinary way handles them first, and whoever asks the processor for anything has them
/// handled before (<see cref="EventRing.Settle"/>). So nobody sees that they wait.
/// </remarks>
internal sealed class InlineGathering
{
    /// <summary>The most that wait.</summary>
    public const int MostEvents = 64;

    // So many single events in a row of one thread, before the first of its events waits.
    private const int FirstStreak = 16;
    private const int LongestStreak = 1 << 16;

    private readonly InlineHold _hold;
    private readonly int _capacity;
    private AlikeEvents _alike;
    private long _next;
    private int _room;
    private int _count;
    private int _handled;
    private int _thread;
    private int _streak;
    private int _longEnough = FirstStreak;

    /// <param name="hold">Who has the ring.</param>
    /// <param name="capacity">Slots of the ring.</param>
    public InlineGathering(InlineHold hold, int capacity)
    {
        _hold = hold;
        _capacity = capacity;
    }

    /// <summary>Whether any event waits, or is handled at the moment. Any thread.</summary>
    // Both pair with the writes of those who have the ring.
    public bool HasWaiting => Volatile.Read(ref _count) + Volatile.Read(ref _handled) > 0;

    /// <summary>How many events wait whose slots are not claimed yet. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the calling thread may enter by the short way.</summary>
    public bool IsOfCaller => _hold.IsShortForCaller;

    /// <summary>Takes the ring for one event, if that may wait: its slot is to be filled, the ring left.</summary>
    /// <param name="ticks">The event's time.</param>
    /// <param name="source">Whose event it is.</param>
    /// <param name="sequence">The slot to fill.</param>
    /// <returns>False, with nothing done, where it must take the ordinary way.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(long ticks, ushort source, out long sequence)
    {
        sequence = 0;
        if (!_hold.TryEnterShort())
            return false;
        if (_room > 0 && _alike.Holds(ticks, source))
        {
            sequence = _next;
            return true;
        }

        _hold.LeaveShort();
        return false;
    }

    /// <summary>Leaves the ring.</summary>
    /// <param name="isFilled">Whether the slot is filled, and waits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave(bool isFilled)
    {
        if (isFilled)
        {
            _next++;
            _room--;

            // Pairs with the reads in HasWaiting and Count.
            Volatile.Write(ref _count, _count + 1);
        }

        _hold.LeaveShort();
    }

    /// <summary>An event has taken the short way of the stages. Within a call, when none waits.</summary>
    public void OnSingle()
    {
        var thread = Environment.CurrentManagedThreadId;
        if (_thread != thread)
        {
            // Where threads take turns, each turn costs the barrier of one that takes the short way away.
            if (_streak == _longEnough)
                _longEnough = Math.Min(2 * _longEnough, LongestStreak);
            (_thread, _streak) = (thread, 0);
        }
        else if (_streak < _longEnough)
        {
            _streak++;
        }

        if (_streak == _longEnough)
            _hold.AllowShort();
    }

    /// <summary>The stages are at rest: says which events may wait. Within a call.</summary>
    /// <param name="alike">Those that are like the one before.</param>
    /// <param name="next">The next slot, which nobody has claimed.</param>
    public void Expect(in AlikeEvents alike, long next)
    {
        _alike = alike;
        _next = next;

        // A claim does not cross the wrap.
        _room = Math.Min(MostEvents, _capacity - (int)(next & (_capacity - 1)));
    }

    /// <summary>No event may wait. Within a call.</summary>
    public void Forget() => _room = 0;

    /// <summary>The slots of those that wait are claimed, and are handled now. Within a call.</summary>
    public void Take()
    {
        _room = 0;

        // This order: at no time does it look as if none waited.
        Volatile.Write(ref _handled, _count);
        Volatile.Write(ref _count, 0);
    }

    /// <summary>They are handled.</summary>
    public void OnHandled() => Volatile.Write(ref _handled, 0);
}
