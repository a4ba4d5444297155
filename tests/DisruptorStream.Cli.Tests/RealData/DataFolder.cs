namespace DisruptorStream.Cli.Tests.RealData;

/// <summary>Where the real data sets lie, which are not part of the project.</summary>
internal static class DataFolder
{
    /// <summary>The path of a data set. Skips the test, saying so, where it is not there.</summary>
    public static string Require(params string[] parts)
    {
        var folder = Environment.GetEnvironmentVariable("DISRUPTORSTREAM_DATA") ?? Find();
        var path = folder is null ? null : Path.Combine([folder, .. parts]);
        Assert.SkipUnless(
            path is not null && Path.Exists(path),
            $"The data set {string.Join('/', parts)} is not here; put it beside the repository, as shared/data, "
            + "or name its folder in DISRUPTORSTREAM_DATA.");
        return path!;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
                return data;
        }

        return null;
    }
}
