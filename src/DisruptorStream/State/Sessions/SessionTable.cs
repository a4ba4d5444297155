using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// The live sessions of a shard: their records, the list of each key, what is due when, and what was emitted.
/// </summary>
internal sealed unsafe class SessionTable : IDisposable
{
    private readonly StoreContext _context;
    private readonly SlabPool _records;
    private readonly RetainedPanes? _retained;
    private int[] _heads = [];

    public SessionTable(StoreContext context)
    {
        _context = context;
        Panes = new PaneRecords(context, keepsRetained: false);
        _records = new SlabPool(sizeof(Session) + Panes.RecordBytes);
        if (context.Accumulation == AccumulationMode.Retracting)
            _retained = new RetainedPanes(context.Plan);
    }

    public PaneRecords Panes { get; }

    public DueQueue Due { get; } = new();

    public int RecordBytes => sizeof(Session) + Panes.RecordBytes;

    public int IndexRange => _records.IndexRange;

    public long BytesReserved =>
        _records.BytesReserved + (_retained?.BytesReserved ?? 0) + (_heads.Length * sizeof(int))
        + _context.Plan.BlockBytesReserved;

    public static byte* PaneOf(Session* session) => (byte*)(session + 1);

    public static PaneState* StateOf(Session* session) => (PaneState*)(session + 1);

    public static bool Has(Session* session, PaneMarks mark) => (StateOf(session)->Marks & mark) != PaneMarks.None;

    public static void Set(Session* session, PaneMarks mark, bool on)
    {
        var state = StateOf(session);
        state->Marks = on ? state->Marks | mark : state->Marks & ~mark;
    }

    public Session* At(int index) => (Session*)_records[index];

    /// <summary>The first session of the key; -1 for none.</summary>
    public int HeadOf(int keyId) => keyId < _heads.Length ? _heads[keyId] : -1;

    public int CountOf(int keyId)
    {
        var count = 0;
        for (var index = HeadOf(keyId); index >= 0; index = At(index)->Next)
            count++;
        return count;
    }

    public int Open(int keyId, long startTicks, long endTicks)
    {
        var head = HeadOf(keyId);
        if (keyId >= _heads.Length)
            GrowHeads(keyId);
        var index = _records.Rent();
        var session = At(index);
        *session = new Session
        {
            StartTicks = startTicks,
            EndTicks = endTicks,
            FiledDueTicks = long.MaxValue,
            KeyId = keyId,
            Next = head,
            Retained = -1,
        };
        Panes.Initial.CopyTo(new Span<byte>(PaneOf(session), Panes.RecordBytes));
        _heads[keyId] = index;
        _context.Counters.WindowsOpened++;
        return index;
    }

    /// <summary>Takes the session out of its key's list and frees it.</summary>
    public void Close(int index)
    {
        var session = At(index);
        ref var link = ref _heads[session->KeyId];
        while (link != index)
            link = ref At(link)->Next;
        link = session->Next;
        _retained?.Clear(ref session->Retained);
        _context.Plan.Release(PaneOf(session) + Panes.CurrentOffset);
        session->KeyId = -1;
        _records.Return(index);
        _context.Counters.WindowsClosed++;
    }

    /// <summary>
    /// Folds a later session of the same key into an earlier one and closes it. Bounds are the caller's.
    /// </summary>
    public void Merge(int into, int later)
    {
        var session = At(into);
        var other = At(later);
        Panes.Merge(PaneOf(session), PaneOf(other));
        _retained?.Append(ref session->Retained, ref other->Retained);
        Close(later);
    }

    /// <summary>Makes sure the queue asks for the session no later than it is due.</summary>
    public void File(int index)
    {
        var session = At(index);
        var due = DueOf(session);
        if (due >= session->FiledDueTicks)
            return;
        FileAt(index, due);
    }

    /// <summary>Makes the queue ask for the session then; earlier entries of it are stale.</summary>
    public void FileAt(int index, long dueTicks)
    {
        At(index)->FiledDueTicks = dueTicks;
        Due.Add(dueTicks, index);
    }

    /// <summary>When the session next does something by the watermark: completes, or expires.</summary>
    public long DueOf(Session* session) => Has(session, PaneMarks.Completed)
        ? ExpiryOf(session)
        : session->EndTicks;

    public long ExpiryOf(Session* session) => TickMath.SaturatingAdd(session->EndTicks, _context.AllowedLatenessTicks);

    /// <summary>Emits the session's pane, after withdrawing whatever it replaces.</summary>
    public void Emit(int index, long sequence, PaneTiming timing, ResultFlags flags, bool staged)
    {
        var session = At(index);
        var record = PaneOf(session);
        var header = HeaderOf(session, sequence, timing, flags);
        if (_retained is not null)
            _retained.Withdraw(ref session->Retained, Panes, header, staged);
        Panes.Emit(record, header, staged);
        if (_retained is not null)
            _retained.Keep(ref session->Retained, session, header.PaneIndex, record + Panes.CurrentOffset);
    }

    public bool HoldsKey(int keyId) => HeadOf(keyId) >= 0;

    public void Dispose()
    {
        _records.Dispose();
        _retained?.Dispose();
        _context.Plan.Dispose();
    }

    private static ResultHeader HeaderOf(Session* session, long sequence, PaneTiming timing, ResultFlags flags)
    {
        var paneIndex = StateOf(session)->NextIndex;
        return new ResultHeader
        {
            Sequence = sequence,
            StartTicks = session->StartTicks,
            EndTicks = session->EndTicks,
            OrderStartTicks = session->StartTicks,
            OrderEndTicks = session->EndTicks,
            KeyId = session->KeyId,
            PaneIndex = paneIndex,
            OrderPaneIndex = paneIndex,
            FailureIndex = -1,
            Timing = timing,
            Flags = flags,
        };
    }

    private void GrowHeads(int keyId)
    {
        var old = _heads.Length;
        Array.Resize(ref _heads, Math.Max(keyId + 1, Math.Max(64, old * 2)));
        Array.Fill(_heads, -1, old, _heads.Length - old);
    }
}
