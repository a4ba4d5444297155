using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Slots;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>Writes slots to the journal, each after the records that it needs.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class JournalStage
{
    /// <summary>
    /// Where a thread of its own syncs, it begins at the latest here: so the disk is at work all the time, and neither
    /// a power cut nor who waits for the last slot has much to bear.
    /// </summary>
    private const long MostUnsyncedBytes = 16 << 20;

    private readonly SlotBuffer _slots;
    private readonly SideLog _records;
    private readonly JournalServices _services;
    private readonly JournalWriter _writer;
    private readonly ArrivedNumbers _numbers;
    private readonly WakingRecordReader? _waking;
    private readonly Action _onWait;
    private readonly OrderSplitter _order;
    private EventView _inPlace;

    /// <param name="slots">The slots.</param>
    /// <param name="records">What numbers in slots stand for.</param>
    /// <param name="services">The journal.</param>
    /// <param name="numbers">Which results have arrived.</param>
    /// <param name="sources">The sources of the slots.</param>
    /// <param name="waking">Told when records were taken; null where nobody waits for that.</param>
    public JournalStage(
        SlotBuffer slots,
        SideLog records,
        JournalServices services,
        ArrivedNumbers numbers,
        SourceRegistry sources,
        WakingRecordReader? waking = null)
    {
        _slots = slots;
        _records = records;
        _services = services;
        _writer = services.Writer;
        _numbers = numbers;
        _waking = waking;
        _onWait = WriteWhileWaiting;
        _order = new OrderSplitter(_writer, sources);
        Next = slots.Sequencer.Cursor.Value + 1;
    }

    /// <summary>The first slot that is not written.</summary>
    public long Next { get; private set; }

    /// <summary>Whether records wait to be written.</summary>
    public bool HasRecords => _records.WaitingBytes > 0;

    /// <summary>Writes all slots up to one, which are published.</summary>
    /// <exception cref="JournalException">The disk failed.</exception>
    public void WriteThrough(long last)
    {
        if (_services.Recording is null)
            WriteAll(last);
        else if (!TryRecord(recordsOnly: false, last))
            Next = Math.Max(Next, last + 1);
    }

    /// <summary>Writes events that lie outside of the ring, and then the slots behind them.</summary>
    /// <exception cref="JournalException">The disk failed.</exception>
    public void WriteInPlace(in EventView events, long last)
    {
        _inPlace = events;
        WriteThrough(last);
        _inPlace = default;
    }

    /// <summary>Writes the records that wait, without a slot.</summary>
    /// <exception cref="JournalException">The disk failed.</exception>
    public void WriteRecords()
    {
        if (_services.Recording is null)
            WriteRecordsAlone();
        else
            TryRecord(recordsOnly: true, Next - 1);
    }

    /// <summary>Makes all durable that was written, and with it which results have arrived by now.</summary>
    /// <exception cref="JournalException">The disk failed.</exception>
    public void Sync()
    {
        // A recording is not synced.
        if (_services.Recording is not null)
            return;
        AppendNumbers(atOnce: true);
        _writer.Write();
        _writer.Sync();
        _services.Progress.OnDurable(_writer.DurableThrough);
    }

    /// <summary>Nothing is written any more: records are dropped, and nobody waits for room.</summary>
    public void CloseRecords() => _records.Close();

    /// <summary>
    /// Of a recording, when every thread has ended: writes all that was published, where a stage has failed.
    /// </summary>
    public void WriteRest()
    {
        var last = _slots.Sequencer.Fault.IsFailure ? _slots.Sequencer.HighestPublished(Next) : Next - 1;
        if (last >= Next || HasRecords)
            WriteThrough(last);
        CloseRecords();
    }

    /// <summary>What fails ends the recording, and nothing else.</summary>
    private bool TryRecord(bool recordsOnly, long last)
    {
        var recording = _services.Recording!;
        try
        {
            if (!recording.IsOff)
            {
                if (recordsOnly)
                    WriteRecordsAlone();
                else
                    WriteAll(last);
                return true;
            }
        }
        catch (Exception exception)
        {
            recording.TurnOff(exception);
        }

        CloseRecords();
        _waking?.OnTaken();
        return false;
    }

    private void WriteRecordsAlone()
    {
        AppendRecords();
        _writer.Write();
    }

    private void WriteAll(long last)
    {
        _services.Room.Await(_writer, _onWait);
        var first = Next;

        // The slots were published before the records are taken: so all that they need are among them.
        AppendRecords();
        AppendThrough(last);
        Write(first, last);
    }

    private void Write(long first, long last)
    {
        AppendNumbers(atOnce: false);
        _writer.Write();
        _services.Progress.OnWritten(last);
        if (_services.Syncs)
            SyncOrReseat(first, last);
        else if (_writer.UnsyncedBytes >= MostUnsyncedBytes)
            _services.Progress.AskForSync();
    }

    /// <summary>
    /// A snapshot may need the outcome of a retirement, and an older one is given up once its results have arrived:
    /// both are told while nothing else is written. A snapshot is of what is durable, and the thread that syncs else
    /// may be the one that waits here: so this one syncs in any mode.
    /// </summary>
    private void WriteWhileWaiting()
    {
        AppendRecords();
        AppendNumbers(atOnce: false);
        _writer.Write();
        SyncOrReseat(Next, Next - 1);
    }

    private void SyncOrReseat(long first, long last)
    {
        try
        {
            _writer.Sync();
        }
        catch (JournalException) when (_services.Reseats)
        {
            Reseat(first, last);
        }

        _services.Progress.OnDurable(_writer.DurableThrough);
    }

    /// <summary>Begins a new file with all that is not durable, if it is still there.</summary>
    private void Reseat(long first, long last)
    {
        var next = _writer.Reseat();
        if (next < first)
        {
            throw new JournalException(
                $"Slots from {next} on may be lost, as the disk failed, and the ring has those from {first} on; start "
                + "again, and the processor goes on with what is there.");
        }

        Next = next;
        AppendThrough(last);
        _writer.Write();
        _writer.Sync();
    }

    private void AppendNumbers(bool atOnce)
    {
        var numbers = _numbers.Take(atOnce);
        if (numbers.Length > 0)
            _writer.AppendPositions(numbers);
    }

    private void AppendRecords()
    {
        var records = _records.Take();
        if (records.Length > 0)
        {
            _writer.AppendRecords(records);
            _order.Note(records, Next);
        }

        _waking?.OnTaken();
    }

    private void AppendThrough(long last)
    {
        while (Next <= last)
        {
            var view = NextView(last);
            _order.Append(view);
            Next += view.Count;
        }
    }

    /// <summary>The slots from the next one on that lie together.</summary>
    private EventView NextView(long last)
    {
        var outside = Next - _inPlace.FirstSequence;
        if (outside >= 0 && outside < _inPlace.Count)
            return _inPlace.Slice((int)outside, _inPlace.Count - (int)outside);
        var end = _inPlace.Count > 0 && outside < 0 ? _inPlace.FirstSequence - 1 : last;
        return _slots.View(Next, _slots.ContiguousCount(Next, end));
    }
}
