using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>Many records read at once, beside reading them one by one: the same bits.</summary>
public sealed unsafe class MomentsRowsTests
{
    private const int Records = 5;

    private static readonly Gen<double> AnyMeasure = Gen.Frequency(
        (10, Gen.Double[-100, 100]), (1, Gen.Const(double.NaN)), (1, Gen.Const(0.0)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadEach_AnyEvents_EqualsRead(bool withSpread) =>
        Gen.Select(Gen.Int[0, Records - 1], AnyMeasure).Array[0, 20].Sample(events =>
        {
            using var plan = NewPlan(withSpread);
            var memory = stackalloc byte[(Records * plan.RecordBytes) + 32];
            var first = (byte*)(((nint)memory + 31) & -32);
            var records = stackalloc nint[Records];
            for (var index = 0; index < Records; index++)
            {
                records[index] = (nint)(first + (index * plan.RecordBytes));
                plan.Initialize((byte*)records[index]);
            }

            foreach (var (index, measure) in events)
                Fold(plan, records + index, measure);

            var width = plan.Metrics.Count;
            var rows = new long[Records * width];
            plan.ReadEach(records, [TimeSpan.TicksPerSecond * 3], rows, new int[Records]);
            var row = new long[width];
            for (var index = 0; index < Records; index++)
            {
                plan.Read((byte*)records[index], TimeSpan.TicksPerSecond * 3, row);
                Assert.Equal(row, rows.AsSpan(index * width, width).ToArray());
            }
        });

    private static AggregatePlan NewPlan(bool withSpread)
    {
        var builder = new AggregateBuilder([new MeasureDefinition("x", 0, MeasureType.Double)]);
        builder.Rate("rate").Max("max").Average("avg").Min("min").Range("range").Sum("sum").Max("again").Count("count");
        if (withSpread)
            builder.Variance("variance");
        return AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.IgnoreMeasure);
    }

    private static void Fold(AggregatePlan plan, nint* record, double measure)
    {
        var slot = new EventSlot { Measure = BitConverter.DoubleToInt64Bits(measure) };
        plan.Accumulate(new EventView(&slot, null, 0, 0, 1), record);
    }
}
