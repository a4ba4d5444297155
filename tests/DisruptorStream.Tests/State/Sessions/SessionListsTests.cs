using CsCheck;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Sessions;

namespace DisruptorStream.Tests.State.Sessions;

/// <summary>The lists of sessions, beside sorted ones.</summary>
public sealed class SessionListsTests
{
    private const int Keys = 100;

    [Fact]
    public void InsertAndRemove_AnyOrder_ListsGoBackInTime()
    {
        var step = Gen.Select(Gen.Int[0, Keys - 1], Gen.Int[0, 40], Gen.Bool);
        step.Array[0, 300].Sample(steps => Check(steps), iter: 300);
    }

    [Fact]
    public unsafe void Append_OldestLast_GoesBackInTime()
    {
        using var records = new SlabPool(sizeof(Session));
        using var lists = new SessionLists(records);
        var (newer, older) = (Rent(records, keyId: 3, start: 20), Rent(records, keyId: 3, start: 10));

        lists.Append(-1, newer);
        lists.Append(newer, older);

        lists.ThrowIfInconsistent();
        Assert.Equal([newer, older], IndexesOf(records, lists, keyId: 3));
        Assert.Equal(2, lists.CountOf(3));
        Assert.Equal(-1, lists.HeadOf(1_000_000));
        Assert.Equal(0, lists.CountOf(1_000_000));
    }

    private static unsafe void Check((int Key, int Start, bool Removes)[] steps)
    {
        using var records = new SlabPool(sizeof(Session));
        using var lists = new SessionLists(records);
        var model = new SortedDictionary<int, int>[Keys];
        foreach (var (key, start, removes) in steps)
        {
            var list = model[key] ??= [];
            if (removes && list.Count > 0)
            {
                var place = list.Keys.ElementAt(start % list.Count);
                lists.Remove(list[place]);
                records.Return(list[place]);
                list.Remove(place);
            }
            else if (!list.ContainsKey(-start))
            {
                // Back in time: the latest start comes first.
                list[-start] = Rent(records, key, start);
                lists.Insert(list[-start]);
            }

            lists.ThrowIfInconsistent();
            Assert.Equal(list.Values, IndexesOf(records, lists, key));
            Assert.Equal(list.Count, lists.CountOf(key));
        }
    }

    private static unsafe int Rent(SlabPool records, int keyId, int start)
    {
        var index = records.Rent();
        *(Session*)records[index] = new Session { KeyId = keyId, StartTicks = start, EndTicks = start + 1, Next = -1 };
        return index;
    }

    private static unsafe List<int> IndexesOf(SlabPool records, SessionLists lists, int keyId)
    {
        var indexes = new List<int>();
        for (var index = lists.HeadOf(keyId); index >= 0; index = ((Session*)records[index])->Next)
            indexes.Add(index);
        return indexes;
    }
}
