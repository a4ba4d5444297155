using CsCheck;
using DisruptorStream.Emission.Views;

namespace DisruptorStream.Tests.Emission.Views;

public sealed class IndexSetTests
{
    /// <summary>Numbers of 0 and above are added, others removed; then all are taken.</summary>
    [Fact]
    public void Set_AnySteps_IsASet() =>
        Gen.Int[-300, 300].Array[0, 80].Sample(steps =>
        {
            var set = new IndexSet();
            var model = new HashSet<int>();
            foreach (var step in steps)
            {
                if (step >= 0)
                    (_, _) = (model.Add(step), Add(set, step));
                else
                    (_, _) = (model.Remove(-step), Remove(set, -step));
                Assert.Equal(model.Contains(Math.Abs(step)), set.Contains(Math.Abs(step)));
            }

            Assert.Subset(set.Items.ToArray().ToHashSet(), model);
            while (set.TryTake(out var index))
                Assert.True(model.Remove(index));
            Assert.Empty(model);
        });

    [Fact]
    public void Clear_Filled_LeavesNothing()
    {
        var set = new IndexSet();
        for (var index = 0; index < 200; index += 3)
            set.Add(index);

        set.Clear();

        Assert.True(set.Items.IsEmpty);
        Assert.False(set.Contains(3));
        Assert.False(set.TryTake(out _));
    }

    private static bool Add(IndexSet set, int index)
    {
        set.Add(index);
        return true;
    }

    private static bool Remove(IndexSet set, int index)
    {
        set.Remove(index);
        return true;
    }
}
