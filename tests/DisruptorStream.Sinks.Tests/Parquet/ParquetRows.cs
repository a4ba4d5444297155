using Parquet;

namespace DisruptorStream.Sinks.Tests.Parquet;

/// <summary>Reads the files of a directory.</summary>
internal static class ParquetRows
{
    /// <summary>A column of integers of all files.</summary>
    public static async Task<List<long>> IntegersAsync(string directory, string column)
    {
        var all = new List<long>();
        foreach (var path in Files(directory))
        {
            await using var reader = await ParquetReader.CreateAsync(path);
            using var group = reader.OpenRowGroupReader(0);
            var values = new long?[group.RowCount];
            await group.ReadAsync<long>(reader.Schema.FindDataField(column), values.AsMemory());
            all.AddRange(values.Select(value => value!.Value));
        }

        return all;
    }

    /// <summary>A column of texts of all files.</summary>
    public static async Task<List<string>> TextsAsync(string directory, string column)
    {
        var all = new List<string>();
        foreach (var path in Files(directory))
        {
            await using var reader = await ParquetReader.CreateAsync(path);
            using var group = reader.OpenRowGroupReader(0);
            var values = new string?[group.RowCount];
            await group.ReadAsync(reader.Schema.FindDataField(column), values.AsMemory());
            all.AddRange(values.Select(value => value ?? ""));
        }

        return all;
    }

    public static IEnumerable<string> Files(string directory) => Directory.Exists(directory)
        ? Directory.GetFiles(directory, "*.parquet").Order(StringComparer.Ordinal)
        : [];
}
