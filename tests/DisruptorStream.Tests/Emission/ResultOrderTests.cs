using CsCheck;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission;

public sealed class ResultOrderTests
{
    private static readonly Gen<ResultHeader> AnyRow =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Bool).Select(
            (sequence, end, start, key, pane, retraction) => Rows.Pane(
                sequence, end, start, key, pane, retraction ? PaneTiming.Retract : PaneTiming.Late));

    [Fact]
    public void Compare_AnyRows_OrdersAsTheTupleOfItsParts() =>
        Gen.Select(AnyRow, AnyRow).Sample((a, b) =>
            Assert.Equal(Math.Sign(Parts(a).CompareTo(Parts(b))), Math.Sign(ResultHeader.Compare(in a, in b))));

    [Fact]
    public void Compare_ExtremeValues_DoNotOverflow()
    {
        var lowest = Rows.Pane(long.MinValue, long.MinValue, long.MinValue, int.MinValue);
        var highest = Rows.Pane(long.MinValue, long.MaxValue, long.MaxValue, int.MaxValue);
        Assert.True(ResultHeader.Compare(in lowest, in highest) < 0);
        Assert.True(ResultHeader.Compare(in highest, in lowest) > 0);
    }

    [Fact]
    public void Compare_DroppedEvent_ComesBeforeThePanesOfItsSlot()
    {
        var dropped = Rows.Dropped(sequence: 7, key: 9);
        var pane = Rows.Pane(sequence: 7, end: long.MinValue + 1);
        Assert.True(ResultHeader.Compare(in dropped, in pane) < 0);
    }

    private static (long, long, long, int, int, int) Parts(ResultHeader row) => (
        row.Sequence, row.EndTicks, row.StartTicks, row.KeyId, row.PaneIndex,
        row.Timing == PaneTiming.Retract ? 0 : 1);
}
