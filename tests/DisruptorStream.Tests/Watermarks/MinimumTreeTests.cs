using CsCheck;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Watermarks;

public sealed class MinimumTreeTests
{
    [Fact]
    public void Minimum_NothingSet_IsTheLargestNumber()
    {
        var tree = new MinimumTree();

        Assert.Equal(long.MaxValue, tree.Minimum);
        Assert.Equal(long.MaxValue, tree.MinimumWithout(0));
    }

    /// <summary>After any changes, growing in between, the tree agrees with a search of all numbers.</summary>
    [Fact]
    public void Set_AnyChanges_KeepsTheMinimumOfAllAndOfTheOthers() =>
        Gen.Select(Gen.Int[0, 20], Gen.OneOf(Gen.Long[-5, 5], Gen.Long)).Array[0, 60].Sample(changes =>
        {
            var tree = new MinimumTree();
            var values = new Dictionary<int, long>();
            foreach (var (index, value) in changes)
            {
                tree.EnsureCapacity(index + 1);
                tree.Set(index, value);
                values[index] = value;

                Assert.Equal(values.Values.Min(), tree.Minimum);
                var others = values.Where(pair => pair.Key != index).Select(pair => pair.Value);
                Assert.Equal(others.Append(long.MaxValue).Min(), tree.MinimumWithout(index));
            }
        });
}
