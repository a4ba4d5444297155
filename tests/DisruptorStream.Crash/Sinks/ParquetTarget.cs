using System.Globalization;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Parquet;
using Parquet;

namespace DisruptorStream.Crash.Sinks;

/// <summary>Parquet files of a directory.</summary>
internal sealed class ParquetTarget : SinkTarget
{
    private readonly string _directory;

    public ParquetTarget(string directory) => _directory = Path.Combine(directory, "results");

    public override IAsyncDurableSink<string> NewSink() =>
        new ParquetSink<string>(_directory, new ParquetSinkOptions { Times = WindowTimes.Ticks });

    public override async Task<List<string>> ReadAsync()
    {
        var lines = new List<string>();
        foreach (var path in Directory.GetFiles(_directory, "*.parquet").Order(StringComparer.Ordinal))
        {
            await using var reader = await ParquetReader.CreateAsync(path);
            using var group = reader.OpenRowGroupReader(0);
            var keys = new string?[group.RowCount];
            await group.ReadAsync(reader.Schema.FindDataField("key"), keys.AsMemory());
            var (numbers, starts) = (await Of<long>("number"), await Of<long>("window_start"));
            var counts = await Of<long>("count");
            var (sums, lasts) = (await Of<double>("sum"), await Of<double>("last"));
            for (var row = 0; row < keys.Length; row++)
            {
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{numbers[row]} {keys[row]} {starts[row]} {counts[row]} {sums[row]} {lasts[row]}"));
            }

            async Task<T?[]> Of<T>(string column)
                where T : struct
            {
                var values = new T?[keys.Length];
                await group.ReadAsync<T>(reader.Schema.FindDataField(column), values.AsMemory());
                return values;
            }
        }

        return lines;
    }
}
