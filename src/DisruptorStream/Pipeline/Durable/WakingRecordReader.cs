using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Identities;
using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>
/// Makes room in a side log whose records a thread of the engine takes: wakes that thread, and waits.
/// </summary>
/// <remarks>Before the thread begins, and after it has ended, nobody waits: the log grows, or is closed.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Who publishes may still wait there when the thread has ended.")]
internal sealed class WakingRecordReader : ISideLogReader
{
    private const int WaitMilliseconds = 1;

    private readonly SequenceBarrier _barrier;
    private readonly RingFault _fault;
    private readonly AutoResetEvent _taken = new(false);
    private long _takes;
    private int _waiting;
    private bool _isTaking;

    /// <param name="barrier">Where the thread waits.</param>
    /// <param name="fault">Ends the wait.</param>
    public WakingRecordReader(SequenceBarrier barrier, RingFault fault)
    {
        _barrier = barrier;
        _fault = fault;
    }

    /// <summary>Whether the thread runs. Pairs with the write in SetTaking.</summary>
    private bool IsTaking => Volatile.Read(ref _isTaking);

    /// <summary>The thread begins, or has ended.</summary>
    public void SetTaking(bool isTaking) => Volatile.Write(ref _isTaking, isTaking);

    /// <summary>The records so far have been taken. On the thread.</summary>
    public void OnTaken()
    {
        // Before the look at who waits: pairs with the increment and the read in MakeRoom.
        Interlocked.Increment(ref _takes);
        if (Volatile.Read(ref _waiting) > 0)
            _taken.Set();
    }

    public void MakeRoom()
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            var takes = Interlocked.Read(ref _takes);
            while (IsTaking && !_fault.IsFaulted && Interlocked.Read(ref _takes) == takes)
            {
                _barrier.Wake();
                _taken.WaitOne(WaitMilliseconds);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
