using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.State.Sessions.Timing;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// The live sessions of a shard: their records, the list of each key, what is due when, and what was emitted.
/// </summary>
internal sealed unsafe class SessionTable : IDisposable
{
    private const int VectorBytes = 32;
    private const int LeastBytesPerSession = (2 * sizeof(long)) + 1;

    private readonly StoreContext _context;
    private readonly SlabPool _records;
    private readonly RetainedPanes? _retained;
    private readonly KeyClocks? _clocks;
    private readonly bool _mayOverlap;
    private readonly int _recordBytes;
    private readonly SessionLists _lists;
    private int[] _chains = [];

    /// <param name="context">The shard.</param>
    /// <param name="gapTicks">How long a session or window lasts as a rule after an event.</param>
    /// <param name="clocks">The time of each key, where windows go by it; null where they go by the watermark.</param>
    /// <param name="mayOverlap">Whether windows of a key may overlap, as sessions do not.</param>
    public SessionTable(StoreContext context, long gapTicks, KeyClocks? clocks = null, bool mayOverlap = false)
    {
        _context = context;
        _clocks = clocks;
        _mayOverlap = mayOverlap;
        Panes = new PaneRecords(context, keepsRetained: false);
        Due = new DueWheel(gapTicks, context.AllowedLatenessTicks);

        // A multiple of what the accumulators are one of, for their vectors' sake.
        var alignmentBytes = context.Plan.RecordBytes % VectorBytes == 0 ? VectorBytes : sizeof(long);
        _recordBytes = (sizeof(Session) + Panes.RecordBytes + alignmentBytes - 1) & -alignmentBytes;
        _records = new SlabPool(_recordBytes);
        if (context.Accumulation == AccumulationMode.Retracting)
            _retained = new RetainedPanes(context.Plan);
        _lists = new SessionLists(_records);
    }

    public PaneRecords Panes { get; }

    public DueWheel Due { get; }

    public int RecordBytes => _recordBytes;

    /// <summary>
    /// The newest session of each key, of <see cref="NewestCount"/> keys; one that holds no time for none. Valid
    /// until the next session is opened.
    /// </summary>
    public Session** Newest => _lists.Newest;

    public int NewestCount => _lists.Count;

    public int IndexRange => _records.IndexRange;

    public long BytesReserved =>
        _records.BytesReserved + (_retained?.BytesReserved ?? 0) + Due.BytesReserved
        + _lists.BytesReserved + ((long)_chains.Length * sizeof(int)) + _context.Plan.BlockBytesReserved;

    public static byte* PaneOf(Session* session) => (byte*)(session + 1);

    /// <summary>What its events are folded into.</summary>
    public static byte* AccumulatorsOf(Session* session) => PaneOf(session) + PaneState.SizeBytes;

    public static PaneState* StateOf(Session* session) => (PaneState*)(session + 1);

    public static bool Has(Session* session, PaneMarks mark) => (StateOf(session)->Marks & mark) != PaneMarks.None;

    public static void Set(Session* session, PaneMarks mark, bool on)
    {
        var state = StateOf(session);
        state->Marks = on ? state->Marks | mark : state->Marks & ~mark;
    }

    /// <summary>The header of the session's next pane.</summary>
    public static ResultHeader HeaderOf(Session* session, long sequence, PaneTiming timing, ResultFlags flags)
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

    public Session* At(int index) => (Session*)_records[index];

    /// <summary>Lets the session's record come nearer: it is soon to be read.</summary>
    public void Prefetch(int index)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(_records[index]);
    }

    /// <summary>
    /// Lets what leads to the key's sessions come nearer: one of them is soon to be opened or closed.
    /// </summary>
    public void PrefetchKey(int keyId) => _lists.Prefetch(keyId);

    /// <summary>The newest session of the key; -1 for none. The others follow, back in time.</summary>
    public int HeadOf(int keyId) => _lists.HeadOf(keyId);

    /// <summary>The session of the same key that comes after one; -1 for none.</summary>
    public int LaterOf(int index) => _lists.LaterOf(index);

    public int CountOf(int keyId) => _lists.CountOf(keyId);

    public int Open(int keyId, long startTicks, long endTicks)
    {
        var index = _records.Rent();
        var session = At(index);
        session->StartTicks = startTicks;
        session->EndTicks = endTicks;
        session->KeyId = keyId;
        Panes.Initial.CopyTo(new Span<byte>(PaneOf(session), Panes.RecordBytes));
        _lists.Insert(index);
        _context.Counters.WindowsOpened++;
        return index;
    }

    /// <summary>Takes the session out of its key's list and frees it.</summary>
    public void Close(int index)
    {
        var session = At(index);
        _lists.Remove(index);
        _retained?.Clear(ref ChainOf(index));
        _context.Plan.Release(PaneOf(session) + Panes.CurrentOffset);
        Due.Remove(index);
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
        _retained?.Append(ref ChainOf(into), ref ChainOf(later));
        Close(later);
    }

    /// <summary>Makes sure that the session is looked at no later than it is due.</summary>
    public void File(int index) => File(index, DueOf(At(index)));

    /// <summary>Makes sure that the session is looked at no later than a time.</summary>
    public void File(int index, long dueTicks)
    {
        if (_clocks is null)
            Due.File(index, dueTicks);
        else
            _clocks.NoteDue(At(index)->KeyId, dueTicks);
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
            _retained.Withdraw(ref ChainOf(index), Panes, header, staged);
        Panes.Emit(record, header, staged);
        if (_retained is not null)
            _retained.Keep(ref ChainOf(index), session, header.PaneIndex, record + Panes.CurrentOffset);
    }

    /// <summary>
    /// Gives the key's oldest session up, if there is one that is not to be kept: what it holds and has not shown goes
    /// out in a last pane.
    /// </summary>
    /// <param name="keyId">The key.</param>
    /// <param name="sequence">The sequence of the slot that causes it.</param>
    /// <param name="keep">Those that are not given up.</param>
    public void EvictOldest(int keyId, long sequence, ReadOnlySpan<TimeWindow> keep)
    {
        var oldest = -1;
        for (var at = HeadOf(keyId); at >= 0; at = At(at)->Next)
        {
            var other = At(at);
            if ((oldest < 0 || other->EndTicks <= At(oldest)->EndTicks)
                && !keep.Contains(new TimeWindow(other->StartTicks, other->EndTicks)))
            {
                oldest = at;
            }
        }

        if (oldest < 0)
            return;
        var session = At(oldest);
        var isLate = Has(session, PaneMarks.Completed);
        if (!isLate || StateOf(session)->HasPending)
        {
            var timing = isLate ? PaneTiming.Late : PaneTiming.Early;
            Emit(oldest, sequence, timing, ResultFlags.Last | ResultFlags.Evicted, staged: true);
        }

        _context.Counters.WindowsEvicted++;
        Close(oldest);
    }

    public bool HoldsKey(int keyId) => HeadOf(keyId) >= 0;

    /// <summary>Writes the sessions of a key that has some, back in time.</summary>
    public void Save(StateWriter writer, int keyId)
    {
        writer.WriteCount(CountOf(keyId) - 1);
        for (var index = HeadOf(keyId); index >= 0; index = At(index)->Next)
        {
            var session = At(index);
            writer.WriteInt64(session->StartTicks);
            writer.WriteInt64(session->EndTicks);
            Panes.Save(writer, PaneOf(session));
            _retained?.Save(writer, ChainOf(index));
        }
    }

    /// <summary>Takes over the sessions of a key that has none.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="windows">Say which windows there may be.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, int keyId, KeyedWindows windows)
    {
        var later = -1;
        for (var left = reader.ReadCount(LeastBytesPerSession, "sessions of a key") + 1L; left > 0; left--)
        {
            var index = _records.Rent();
            var session = At(index);
            *session = new Session
            {
                StartTicks = reader.ReadInt64(),
                EndTicks = reader.ReadInt64(),
                KeyId = keyId,
                Next = -1,
            };
            if (session->StartTicks >= session->EndTicks || (later >= 0 && !MayFollow(At(later), session)))
                throw reader.Invalid($"a window of key {keyId} has no length, or overlaps the one before");
            if (!windows.MayHave(keyId, new TimeWindow(session->StartTicks, session->EndTicks)))
            {
                throw reader.Invalid(
                    $"key {keyId} has no window from {session->StartTicks} to {session->EndTicks} (ticks)");
            }

            Panes.Initial.CopyTo(new Span<byte>(PaneOf(session), Panes.RecordBytes));
            Panes.Load(reader, PaneOf(session));
            _retained?.Load(reader, ref ChainOf(index));
            _lists.Append(later, index);
            later = index;
            File(index);
        }
    }

    /// <summary>That the sessions of each key go back in time and do not overlap.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        _lists.ThrowIfInconsistent();
        for (var keyId = 0; keyId < _lists.Count; keyId++)
        {
            for (var index = HeadOf(keyId); index >= 0; index = At(index)->Next)
            {
                var session = At(index);
                Invariant.Require(session->StartTicks < session->EndTicks, "A session has a length.");
                Invariant.Require(
                    session->Next < 0 || MayFollow(session, At(session->Next)), "The next one lies before it.");
            }
        }
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    public void Dispose()
    {
        _records.Dispose();
        _retained?.Dispose();
        Due.Dispose();
        _lists.Dispose();
    }

    /// <summary>Whether a session may come behind another one in the list of their key.</summary>
    private bool MayFollow(Session* later, Session* session) => _mayOverlap
        ? SessionLists.IsAfter(later, session->StartTicks, session->EndTicks)
        : session->EndTicks <= later->StartTicks;

    /// <summary>The panes that the session's next one withdraws.</summary>
    private ref int ChainOf(int index)
    {
        if (index >= _chains.Length)
        {
            var old = _chains.Length;
            Array.Resize(ref _chains, Math.Max(index + 1, Math.Max(64, old * 2)));
            Array.Fill(_chains, -1, old, _chains.Length - old);
        }

        return ref _chains[index];
    }
}
