using CsCheck;
using DisruptorStream.State.Accumulators.Sketches.Quantiles;

namespace DisruptorStream.Tests.State.Accumulators.Sketches.Quantiles;

public sealed class NetworkSortTests
{
    private static readonly double[] Few =
        [double.NegativeInfinity, -1, 0, 1, 2, double.MaxValue, double.PositiveInfinity];

    [Fact]
    public void Sort_AnyValues_AreInOrder() =>
        Gen.Double[-1e3, 1e3].Array[1, NetworkSort.MaxValues].Sample(AssertSorts, iter: 2000);

    [Fact]
    public void Sort_FewDifferentValues_KeepsEachAsOftenAsItCame() => Gen.Int[0, Few.Length - 1]
        .Select(index => Few[index]).Array[1, NetworkSort.MaxValues].Sample(AssertSorts, iter: 2000);

    /// <summary>A network that sorts all sequences of zeros and ones sorts everything: here those that fall.</summary>
    [Fact]
    public void Sort_OnesBeforeZeros_OfEveryLength()
    {
        for (var count = 1; count <= NetworkSort.MaxValues; count++)
        {
            for (var ones = 0; ones <= count; ones++)
                AssertSorts([.. Enumerable.Range(0, count).Select(index => index < ones ? 1d : 0)]);
        }
    }

    private static unsafe void AssertSorts(double[] values)
    {
        var sorter = new NetworkSort();
        fixed (double* first = values)
        {
            var sorted = sorter.Sort(first, values.Length);
            Assert.Equal(values.Order(), new ReadOnlySpan<double>(sorted, values.Length).ToArray());
        }
    }
}
