using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Windows;

/// <summary>What a user's rule gets wrong is told as such, and never becomes a window.</summary>
public sealed class CustomWindowsTests
{
    private static readonly TimeWindow[] Left = [new(0, 10), new(0, 10), new(0, 10)];

    [Fact]
    public void Assign_SameWindowTwice_IsRefused() =>
        Assert.Contains("twice", Refusal(new Rule(2, new(0, 10), new(0, 10))), StringComparison.Ordinal);

    [Fact]
    public void Assign_NothingWritten_DoesNotTakeTheWindowsOfTheEventBefore() =>
        Assert.Contains("does not hold it", Refusal(new Rule(2)), StringComparison.Ordinal);

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Assign_CountOutOfRange_IsRefused(int count) =>
        Assert.Contains($"returned {count} windows", Refusal(new Rule(count)), StringComparison.Ordinal);

    [Fact]
    public void Assign_ThreeInAnyOrder_AscendByEndThenStart()
    {
        var windows = (TimeWindow[])Left.Clone();
        var assigner = CustomWindows.Create(new Rule(3, new(3, 12), new(0, 10), new(2, 12)));
        Assert.Equal(3, assigner.Assign(5, windows));
        Assert.Equal([new(0, 10), new(2, 12), new(3, 12)], windows);
    }

    private static string Refusal(Rule rule) => Assert.Throws<InvalidOperationException>(
        () => CustomWindows.Create(rule).Assign(5, (TimeWindow[])Left.Clone())).Message;

    private readonly struct Rule : IWindowAssigner
    {
        private readonly int _count;
        private readonly TimeWindow[] _written;

        public Rule(int count, params TimeWindow[] written) => (_count, _written) = (count, written);

        public int MaxWindowsPerEvent => 3;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            _written.CopyTo(windows);
            return _count;
        }
    }
}
