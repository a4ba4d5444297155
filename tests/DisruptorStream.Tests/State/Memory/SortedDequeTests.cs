using CsCheck;
using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

public sealed class SortedDequeTests
{
    [Fact]
    public void Deque_RandomInsertsAndRemovals_EqualsASortedList() =>
        Gen.Select(Gen.Int[0, 3], Gen.Long[-50, 50]).Array[0, 200].Sample(calls =>
        {
            var deque = new SortedDeque<string>();
            var model = new SortedList<long, string>();
            foreach (var (act, key) in calls)
            {
                if (act == 0 && model.Count > 0)
                {
                    Assert.Equal(model.Values[0], deque.RemoveFirst());
                    model.RemoveAt(0);
                }
                else if (deque.IndexOf(key) is var place && place < 0)
                {
                    deque.Insert(~place, key, $"{key}");
                    model.Add(key, $"{key}");
                }

                Assert.Equal(model.GetValueOrDefault(key), deque.Find(key));
                Assert.Equal(model.Keys.Count(other => other < key), deque.FirstAtOrAfter(key));
                Assert.Equal(model.Keys, Enumerable.Range(0, deque.Count).Select(deque.KeyAt));
            }
        });
}
