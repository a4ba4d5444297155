using CsCheck;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys;

/// <summary>Which ids are pinned for which key, and how many from 0 on for their first.</summary>
public sealed class PinnedIdsTests
{
    /// <summary>An id is released, for a later key, at times when it is not pinned.</summary>
    [Fact]
    public void IsPinned_AnyPinsOfAnyKeys_HoldsForTheStampOfTheKeyThatIsPinnedAlone() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 2]).Array[1, 400].Sample(steps =>
        {
            var ids = new PinnedIds();
            var generations = new uint[201];
            var pinned = new Dictionary<int, int>();
            var given = new HashSet<(int Id, uint Generation, int Stamp)>();
            foreach (var (id, act) in steps)
            {
                if (act == 0)
                    given.Add((id, generations[id], pinned[id] = ids.Add(id, generations[id])));
                else if (act == 1 && pinned.Remove(id))
                    ids.Remove(id);
                else if (!pinned.ContainsKey(id))
                    generations[id]++;
                Assert.All(Enumerable.Range(0, ids.Prefix), key => Assert.Equal(ids.Owner, pinned[key]));
                Assert.All(given, key => Assert.Equal(
                    pinned.GetValueOrDefault(key.Id) == key.Stamp, IsPinned(ids, key.Id, key.Stamp)));
                Assert.False(IsPinned(ids, id, 0));
            }

            Assert.Equal(given.Count, given.Select(key => (key.Id, key.Stamp)).Distinct().Count());
        });

    [Fact]
    public void Prefix_AllIdsInAnyOrder_IsTheirCount()
    {
        var ids = new PinnedIds();
        var order = Enumerable.Range(0, 500).ToArray();
        new Random(3).Shuffle(order);
        foreach (var id in order)
            ids.Add(id, 0);
        Assert.Equal(500, ids.Prefix);

        ids.Remove(100);
        Assert.Equal(100, ids.Prefix);
        ids.Add(100, 0);
        Assert.Equal(500, ids.Prefix);
    }

    private static bool IsPinned(PinnedIds ids, int id, int stamp) => stamp == ids.Owner
        ? PinnedIds.IsPinned(ids.Words, id)
        : PinnedIds.IsPinned(ids.LaterStamps, id, stamp);
}
