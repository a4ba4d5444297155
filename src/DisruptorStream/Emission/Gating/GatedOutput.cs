using DisruptorStream.Emission.Merging;
using DisruptorStream.Rings;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Gating;

/// <summary>Keeps the rows that a gate holds back, where the shard's thread emits them too.</summary>
/// <remarks>
/// The emitting thread owns it. Full, it holds that thread until the gate moves; where it may not, as on the thread of
/// a publisher, it takes everything, and who publishes asks <see cref="IsFull"/> before the next event.
/// </remarks>
internal sealed class GatedOutput : ResultOutput
{
    private const int WaitSliceMilliseconds = 50;

    private readonly ResultOutput _output;
    private readonly DeliveryGate _gate;
    private readonly RingFault _fault;
    private readonly HeldRows _held;
    private readonly bool _overflowAllowed;
    private long _heldSequence = long.MaxValue;
    private bool _isFull;

    /// <param name="output">Where rows go that may.</param>
    /// <param name="gate">Says which may.</param>
    /// <param name="fault">Ends every wait.</param>
    /// <param name="width">The most values of a row.</param>
    /// <param name="overflowAllowed">Whether it must not wait.</param>
    public GatedOutput(ResultOutput output, DeliveryGate gate, RingFault fault, int width, bool overflowAllowed)
    {
        _output = output;
        _gate = gate;
        _fault = fault;
        _held = new HeldRows(width);
        _overflowAllowed = overflowAllowed;
    }

    /// <summary>As many rows are held as may be. Any thread. Pairs with the write in Note.</summary>
    public bool IsFull => Volatile.Read(ref _isFull);

    /// <summary>The sequence of the first row that is held; long.MaxValue where there is none.</summary>
    public override long HeldSequence => _heldSequence;

    /// <exception cref="OperationCanceledException">The processor has ended while this waited.</exception>
    public override void Add(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (_isFull && !_overflowAllowed)
            AwaitRoom();
        if (_held.Count == 0 && _gate.Admits(in header))
        {
            _output.Add(in header, values);
            return;
        }

        _held.Add(in header, values);
        Note();
    }

    /// <inheritdoc/>
    public override void Add(PaneGroup panes)
    {
        if (_held.Count == 0 && panes.SharesHeader && _gate.Admits(in panes.Headers[0]))
            _output.Add(panes);
        else
            base.Add(panes);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        Release();
        _output.Flush();
    }

    /// <inheritdoc/>
    public override void Advance(long sequence) => _output.Advance(sequence);

    /// <inheritdoc/>
    public override void FlushSinks(long sequence) => _output.FlushSinks(sequence);

    private void Release()
    {
        if (_held.Count == 0)
            return;
        while (_held.Count > 0 && _gate.Admits(in _held.Head))
        {
            _output.Add(in _held.Head, _held.HeadValues);
            _held.RemoveHead();
        }

        Note();
    }

    private void AwaitRoom()
    {
        while (true)
        {
            var move = _gate.NextMove;
            Flush();
            if (!_isFull)
                return;
            if (_fault.IsFaulted)
                throw new OperationCanceledException("The processor has ended, so what the gate holds stays held.");
            move.Wait(WaitSliceMilliseconds);
        }
    }

    private void Note()
    {
        _heldSequence = _held.Count == 0 ? long.MaxValue : _held.Head.Sequence;

        // Pairs with the read in IsFull.
        Volatile.Write(ref _isFull, _held.Bytes >= _gate.HeldBytes);
    }
}
