using System.Diagnostics;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>Gives up files of the journal that no snapshot needs, and holds it at its limit of bytes.</summary>
/// <remarks>Any thread says what is not needed; the one that writes does it.</remarks>
internal sealed class JournalRoom
{
    /// <summary>So many segments may always be there, whatever the limit.</summary>
    public const int FewestSegments = 4;

    private const int WaitMilliseconds = 5;

    // Time for a snapshot, and for the sinks that are behind.
    private const int SecondsBeforeStop = 5;

    private readonly long _mostBytes;
    private readonly bool _waits;
    private readonly Action _onFull;
    private readonly Lock _gate = new();
    private readonly Lock _recycling = new();
    private (long Sequence, long Ordinal) _unneeded = (-1, -1);
    private bool _isNew;
    private int _holds;

    /// <param name="mostBytes">The limit; long.MaxValue for none.</param>
    /// <param name="waits">Whether the writer waits at the limit for as long as it takes, and does not fail.</param>
    /// <param name="onFull">Called where it waits: a snapshot would make room.</param>
    public JournalRoom(long mostBytes, bool waits, Action onFull)
    {
        _mostBytes = mostBytes;
        _waits = waits;
        _onFull = onFull;
    }

    /// <summary>Ends a wait.</summary>
    public RingFault? Fault { get; set; }

    /// <summary>
    /// Whether the writer may go beyond the limit for now: a snapshot that will make room is of a slot that is still to
    /// be written.
    /// </summary>
    /// <remarks>Pairs with itself: the writer looks again and again.</remarks>
    public bool IsLifted { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>
    /// Whether somebody reads the files: nothing is given up meanwhile, and the writer goes beyond the limit.
    /// </summary>
    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    /// <summary>Somebody reads the files, until <see cref="Release"/>. Waits for what is being given up.</summary>
    public void Hold()
    {
        lock (_recycling)
            Interlocked.Increment(ref _holds);
    }

    /// <summary>One of those who read the files has done so.</summary>
    public void Release() => Interlocked.Decrement(ref _holds);

    /// <summary>No snapshot needs the slots up to this one, nor the frames.</summary>
    /// <param name="sequence">The slot.</param>
    /// <param name="ordinal">The number of the last frame.</param>
    public void GiveUp(long sequence, long ordinal)
    {
        lock (_gate)
        {
            _unneeded = (sequence, ordinal);

            // Pairs with the read in Recycle.
            Volatile.Write(ref _isNew, true);
        }
    }

    /// <summary>
    /// Called before each batch is appended: all before it is written, so a snapshot of all that can be there. The
    /// batch itself may go beyond the limit.
    /// </summary>
    /// <param name="writer">Writes the journal.</param>
    /// <param name="onWait">
    /// Called again and again while this waits: writes what a snapshot, and the giving up of older ones, depend on.
    /// </param>
    /// <exception cref="JournalException">The limit is reached, or the disk failed.</exception>
    public void Await(JournalWriter writer, Action onWait)
    {
        Recycle(writer);
        var begun = Stopwatch.GetTimestamp();
        while (writer.Bytes >= _mostBytes && Fault is not { IsFaulted: true } && !IsAllGivenUp(writer))
        {
            if (!_waits && Stopwatch.GetElapsedTime(begun).TotalSeconds >= SecondsBeforeStop)
            {
                throw new JournalException(
                    $"The journal has {writer.Bytes} bytes, and MaxJournalBytes is {_mostBytes}: a snapshot was asked "
                    + $"for, and for {SecondsBeforeStop} s none has made room; see why none "
                    + "could be taken or which sink is behind, or raise the limit.");
            }

            onWait();
            _onFull();
            if (IsLifted || IsHeld)
                return;
            Thread.Sleep(WaitMilliseconds);
            Recycle(writer);
        }
    }

    /// <summary>Gives up what nobody needs. On the thread that writes.</summary>
    /// <exception cref="JournalException">The disk failed.</exception>
    public void Recycle(JournalWriter writer)
    {
        if (!Volatile.Read(ref _isNew))
            return;
        lock (_recycling)
        {
            if (IsHeld)
                return;
            (long Sequence, long Ordinal) unneeded;
            lock (_gate)
            {
                unneeded = _unneeded;
                _isNew = false;
            }

            writer.Recycle(unneeded.Sequence, unneeded.Ordinal);
        }
    }

    /// <summary>Whether what is left holds nothing that a snapshot lacks: then no wait makes room.</summary>
    private bool IsAllGivenUp(JournalWriter writer)
    {
        lock (_gate)
            return !_isNew && _unneeded.Sequence >= writer.WrittenThrough;
    }
}
