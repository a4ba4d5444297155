using CsCheck;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys;

/// <summary>The bits of pinned ids, and how many of them are set from 0 on.</summary>
public sealed class PinnedIdsTests
{
    [Fact]
    public void Prefix_AnyAddsAndRemoves_NeverPromisesAnIdThatIsNotPinned() =>
        Gen.Select(Gen.Int[0, 200], Gen.Bool).Array[1, 400].Sample(steps =>
        {
            var ids = new PinnedIds();
            var model = new HashSet<int>();
            foreach (var (id, adds) in steps)
            {
                if (adds && model.Add(id))
                    ids.Add(id);
                else if (!adds && model.Remove(id))
                    ids.Remove(id);
                Assert.All(Enumerable.Range(0, ids.Prefix), pinned => Assert.Contains(pinned, model));
                Assert.Equal(model.Contains(id), PinnedIds.IsPinned(ids.Words, id));
            }
        });

    [Fact]
    public void Prefix_AllIdsInAnyOrder_IsTheirCount()
    {
        var ids = new PinnedIds();
        var order = Enumerable.Range(0, 500).ToArray();
        new Random(3).Shuffle(order);
        foreach (var id in order)
            ids.Add(id);
        Assert.Equal(500, ids.Prefix);

        ids.Remove(100);
        Assert.Equal(100, ids.Prefix);
        ids.Add(100);
        Assert.Equal(500, ids.Prefix);
    }
}
