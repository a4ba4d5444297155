using DisruptorStream.Emission.Durable;
using DisruptorStream.Testing.Contracts;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Testing.Contracts;

/// <summary>The contract finds each clause that a sink breaks, and nothing in one that keeps it.</summary>
public sealed class DurableSinkContractTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task CheckAll_SinkThatKeepsIt_Passes() =>
        new FaultyContract(SinkFault.None).CheckAllAsync(Token);

    [Fact]
    public Task CheckAll_SinkInMemory_Passes() => new MemoryContract().CheckAllAsync(Token);

    [Theory]
    [InlineData(SinkFault.StartsAtOne, "an empty target holds nothing")]
    [InlineData(SinkFault.PositionNotStored, "results and position are stored together")]
    [InlineData(SinkFault.RepeatDoubles, "a repeat is harmless")]
    [InlineData(SinkFault.GapAccepted, "a gap is refused")]
    [InlineData(SinkFault.RowsBeforePosition, "a killed write is there as a whole or not at all")]
    [InlineData(SinkFault.PositionBeforeRows, "a killed write is there as a whole or not at all")]
    [InlineData(SinkFault.FailureSwallowed, "a killed write is there as a whole or not at all")]
    [InlineData(SinkFault.OutcomeAssumed, "after an unknown outcome the same write is taken again")]
    [InlineData(SinkFault.CancelTears, "a cancelled write leaves the target whole")]
    [InlineData(SinkFault.NoFence, "an older epoch is fenced")]
    [InlineData(SinkFault.OldEpochOpens, "an older epoch is fenced")]
    [InlineData(SinkFault.FenceCheckedTooEarly, "an owner is fenced in the middle of a write")]
    [InlineData(SinkFault.SameOwnerRefused, "the same owner may open again")]
    [InlineData(SinkFault.OtherStreamAccepted, "another stream is refused")]
    [InlineData(SinkFault.SetBackHidden, "a target that was set back says so")]
    [InlineData(SinkFault.LossHidden, "a target that is lost holds nothing")]
    [InlineData(SinkFault.OrdinaryMovesPosition, "an owner with epoch 0 leaves the position alone")]
    public async Task Check_SinkThatBreaksAClause_FailsAndSaysSo(SinkFault fault, string check)
    {
        var contract = new FaultyContract(fault);

        var broken = await Assert.ThrowsAsync<DurableSinkContractException>(() => contract.CheckAsync(check, Token));

        Assert.Equal(check, broken.Check);
        Assert.StartsWith(check, broken.Message);
    }

    [Fact]
    public async Task Check_NoSuchCheck_IsRefused() => Assert.Contains(
        "Checks lists them",
        (await Assert.ThrowsAsync<ArgumentException>(() => new MemoryContract().CheckAsync("?", Token))).Message);

    private sealed class FaultyContract : DurableSinkContract<string>
    {
        private readonly SinkFault _fault;
        private FaultySink.Target _target = new();

        public FaultyContract(SinkFault fault) => _fault = fault;

        protected override IDurableStore NewSink(Action<string> onStep) => new FaultySink(_target, _fault, onStep);

        protected override string KeyOf(int index) => $"key-{index}";

        protected override ValueTask ResetAsync()
        {
            _target = new FaultySink.Target();
            return default;
        }

        protected override ValueTask<IReadOnlyList<long>> ReadNumbersAsync()
        {
            lock (_target.Gate)
                return new([.. _target.Rows]);
        }

        protected override ValueTask<Func<ValueTask>> CopyAsync()
        {
            var (rows, number, epoch) = (_target.Rows.ToList(), _target.Number, _target.Epoch);
            return new(() =>
            {
                (_target.Rows, _target.Number, _target.Epoch) = (rows, number, epoch);
                return default;
            });
        }

        protected override ValueTask LoseAsync()
        {
            (_target.Rows, _target.Number) = ([], 0);
            return default;
        }
    }

    private sealed class MemoryContract : DurableSinkContract<string>
    {
        private DurableTarget<string> _target = new();

        protected override IDurableStore NewSink(Action<string> onStep) =>
            new DurableCollectingSink<string>(_target, (moment, _) =>
            {
                if (moment != DurableMoment.Opening)
                    onStep(moment.ToString());
            });

        protected override string KeyOf(int index) => $"key-{index}";

        protected override ValueTask ResetAsync()
        {
            _target = new DurableTarget<string>();
            return default;
        }

        protected override ValueTask<IReadOnlyList<long>> ReadNumbersAsync() =>
            new([.. _target.Results.Concat(_target.OrdinaryResults).Select(result => result.Number)]);

        protected override ValueTask<Func<ValueTask>> CopyAsync()
        {
            var held = _target.Held;
            return new(() =>
            {
                _target.SetBack(held);
                return default;
            });
        }

        protected override ValueTask LoseAsync()
        {
            _target.SetBack(0);
            return default;
        }
    }
}
