using System.Runtime.InteropServices;
using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Slices;

namespace DisruptorStream.Tests.State.Slices;

/// <summary>Any stretch of blocks is the fold of its slices from left to right, also after late changes.</summary>
public sealed unsafe class SliceTreeTests
{
    private const int Keys = 3;
    private const long First = -8;
    private const long End = 40;

    [Theory]
    [InlineData(0, 16)]
    [InlineData(0, 1)]
    [InlineData(2, 37)]
    public void Fold_AnyChangesBetween_IsTheValuesOfTheSlicesInOrder(int shift, long most) =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, Keys - 1], Gen.Long[First, End - 1], Gen.Long[1, 16]).Array[1, 120].Sample(
            acts =>
            {
                using var run = new Run(shift, most);
                foreach (var (act, key, slice, length) in acts)
                {
                    if (act == 0)
                        run.Drop(slice);
                    else if (act < 5)
                        run.Add(slice, key);
                    else
                        run.Check((slice >> shift) << shift, Math.Min(length, most >> shift) << shift, key);
                }
            },
            iter: 300);

    private sealed class Run : IDisposable
    {
        private readonly SortedDeque<KeyedTable> _slices = new();
        private readonly SortedDictionary<long, List<(int Key, double Value)>> _model = [];
        private readonly AggregatePlan _plan;
        private readonly PagePool _pages;
        private readonly SliceTree _tree;
        private readonly byte* _record;
        private double _next = 1;
        private long _dropped = long.MinValue;

        public Run(int shift, long most)
        {
            var builder = new AggregateBuilder([new MeasureDefinition("x", 0, MeasureType.Double)]);
            builder.Custom<Sequenced, Sequenced.State>("hash", "x");
            _plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent);
            _pages = new PagePool(_plan.RecordBytes);
            _tree = new SliceTree(_slices, _plan, shift, most, NewTable);
            _record = (byte*)NativeMemory.AlignedAlloc((nuint)_plan.RecordBytes, 64);
            _plan.Initialize(_record);
        }

        public void Add(long slice, int key)
        {
            if (slice < _dropped)
                return;
            var place = _slices.IndexOf(slice);
            if (place < 0)
            {
                place = ~place;
                _slices.Insert(place, slice, NewTable());
                _model.Add(slice, []);
            }

            var slot = new EventSlot { KeyId = key, Measure = BitConverter.DoubleToInt64Bits(_next) };
            var record = (nint)_slices[place].GetOrAdd(key);
            _plan.Accumulate(new EventView(&slot, null, 0, 0, 1), &record);
            _model[slice].Add((key, _next++));
            _tree.Invalidate(slice, key);
        }

        public void Check(long first, long length, int key)
        {
            if (first < _dropped)
                return;
            var inside = _model.Where(slice => slice.Key >= first && slice.Key < first + length)
                .SelectMany(slice => slice.Value).ToList();
            var keys = new KeySet();
            _tree.CollectKeys(first, first + length, keys);
            for (var one = 0; one < Keys; one++)
                Assert.Equal(inside.Exists(pair => pair.Key == one), keys.Contains(one));

            var values = inside.Where(pair => pair.Key == key).Select(pair => pair.Value).ToList();
            Assert.Equal(values.Count > 0, _tree.Fold(first, first + length, key, _record));
            if (values.Count == 0)
                return;
            var read = new long[1];
            _plan.Read(_record, 1, read);
            Assert.Equal(Sequenced.Of(values), BitConverter.Int64BitsToDouble(read[0]));
            Assert.True(_tree.CoveredEnd > first);
        }

        public void Drop(long before)
        {
            while (_slices.Count > 0 && _slices.KeyAt(0) < before)
                _slices.RemoveFirst().Dispose();
            foreach (var slice in _model.Keys.Where(slice => slice < before).ToList())
                _model.Remove(slice);
            var budget = int.MaxValue;
            Assert.True(_tree.TryDropBefore(before, ref budget));
            _dropped = Math.Max(_dropped, before);
        }

        public void Dispose()
        {
            NativeMemory.AlignedFree(_record);
            _pages.Dispose();
            _plan.Dispose();
        }

        private KeyedTable NewTable() => new(_pages, _plan.InitialRecord);
    }
}
