using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Tests.Testing.Contracts;

/// <summary>A sink in memory that breaks a clause of the contract.</summary>
internal sealed class FaultySink : IAsyncDurableSink<string>
{
    private readonly Target _target;
    private readonly SinkFault _fault;
    private readonly Action<string> _onStep;
    private DurableSinkOwner? _owner;
    private long _assumed;

    public FaultySink(Target target, SinkFault fault, Action<string> onStep) =>
        (_target, _fault, _onStep) = (target, fault, onStep);

    public DurableGuarantee Guarantee => DurableGuarantee.Exact;

    public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        lock (_target.Gate)
        {
            Fail(_fault == SinkFault.SameOwnerRefused && _owner is not null, "opened twice");
            _owner = owner;
            if (owner.Epoch == 0)
                return new(_target.Number);
            var isOther = _target.Number > 0 && owner.StreamId != _target.StreamId;
            Fail(isOther && _fault != SinkFault.OtherStreamAccepted, "another stream");
            Fail(owner.Epoch < _target.Epoch && _fault != SinkFault.OldEpochOpens && !isOther, "fenced");
            (_target.Epoch, _target.StreamId) = (owner.Epoch, owner.StreamId);
            _assumed = Held();
            return new(_assumed);
        }
    }

    public async ValueTask WriteAsync(
        IReadOnlyList<WindowResult<string>> results, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            if (_fault != SinkFault.CancelTears)
                cancellationToken.ThrowIfCancellationRequested();
            _onStep("before");
            Store(results, cancellationToken);
            _onStep("after");
        }
        catch (Exception) when (_fault == SinkFault.FailureSwallowed)
        {
        }
    }

    private long Held() => _fault switch
    {
        SinkFault.StartsAtOne => Math.Max(1, _target.Number),
        SinkFault.SetBackHidden or SinkFault.LossHidden => _target.Highest,
        _ => _target.Number,
    };

    private void Store(IReadOnlyList<WindowResult<string>> results, CancellationToken token)
    {
        var early = _fault == SinkFault.FenceCheckedTooEarly && _owner!.Epoch >= _target.Epoch;
        if (early)
            _onStep("checked");
        lock (_target.Gate)
        {
            var (first, last) = (results[0].Number, results[^1].Number);
            if (_owner!.Epoch == 0)
            {
                _target.Rows.AddRange(results.Select(one => one.Number));
                if (_fault == SinkFault.OrdinaryMovesPosition)
                    _target.Number = last;
                return;
            }

            Fail(_owner.Epoch < _target.Epoch && !early && _fault != SinkFault.NoFence, "fenced");
            var held = _fault == SinkFault.OutcomeAssumed ? _assumed : _target.Number;
            Fail(first > held + 1 && _fault != SinkFault.GapAccepted && _fault != SinkFault.PositionNotStored, "a gap");
            var numbers = results.Select(one => one.Number)
                .Where(number => number > held || _fault == SinkFault.RepeatDoubles)
                .ToList();
            Commit(numbers, Math.Max(last, held), token);
        }
    }

    private void Commit(List<long> numbers, long last, CancellationToken token)
    {
        if (_fault == SinkFault.PositionBeforeRows)
            _target.Number = last;
        if (_fault == SinkFault.PositionBeforeRows)
            _onStep("position");
        foreach (var number in numbers)
        {
            _target.Rows.Add(number);
            if (_fault == SinkFault.CancelTears)
                token.ThrowIfCancellationRequested();
        }

        if (_fault == SinkFault.RowsBeforePosition)
            _onStep("rows");
        if (_fault != SinkFault.PositionNotStored)
            _target.Number = last;
        _target.Highest = Math.Max(_target.Highest, last);
        if (_fault == SinkFault.OutcomeAssumed)
            _onStep("committed");
        _assumed = last;
    }

    private static void Fail(bool condition, string why)
    {
        if (condition)
            throw new InvalidOperationException(why);
    }

    internal sealed class Target
    {
        public Lock Gate { get; } = new();

        public List<long> Rows { get; set; } = [];

        public long Number { get; set; }

        public long Highest { get; set; }

        public long Epoch { get; set; }

        public string StreamId { get; set; } = "";
    }
}
