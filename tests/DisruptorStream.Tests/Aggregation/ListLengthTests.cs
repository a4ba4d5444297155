namespace DisruptorStream.Tests.Aggregation;

/// <summary>Lists of values begin as long as those before them grew to, and change no percentile by it.</summary>
public sealed class ListLengthTests
{
    private const int Lists = 300;

    [Fact]
    public void Lists_ManyOfOneLength_BeginAsLongAsThoseBefore()
    {
        using var records = new Records(a => a.Percentile("p50", 50));
        Assert.Equal(64, BytesOfOneValue(records));

        FillLists(records, values: 100);
        Assert.Equal(1024, BytesOfOneValue(records));

        FillLists(records, values: 2);
        Assert.Equal(64, BytesOfOneValue(records));

        // These become sketches on the way.
        FillLists(records, values: 200);
        Assert.Equal(1024, BytesOfOneValue(records));
    }

    private static void FillLists(Records records, int values)
    {
        var record = records.New();
        for (var list = 0; list < Lists; list++)
        {
            for (var value = 0; value < values; value++)
                records.Add(record, list + value);
            var middle = list + ((values - 1) / 2);
            Assert.InRange(records.Read(record), middle * 0.99, (middle + 1) * 1.01);
            records.Reset(record);
        }
    }

    private static long BytesOfOneValue(Records records)
    {
        var before = records.Plan.BlockBytesInUse;
        var record = records.Of(1);
        var bytes = records.Plan.BlockBytesInUse - before;
        records.Reset(record);
        return bytes;
    }
}
