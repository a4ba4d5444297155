using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>One case of a vector file.</summary>
/// <param name="Id">Its name.</param>
internal abstract record Vector(string Id)
{
    /// <summary>Reads a file of one JSON object per line.</summary>
    /// <exception cref="InvalidDataException">A line is not a vector; the message says which, and why.</exception>
    public static IEnumerable<Vector> ReadFile(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return ReadLine(line, $"{path}, line {number}");
        }
    }

    private static Vector ReadLine(string line, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var type = root.GetProperty("type").GetString();
            return type switch
            {
                "window" => WindowVector.Read(root),
                "watermark" => WatermarkVector.Read(root),
                "assign" => AssignVector.Read(root),
                "calendar" => CalendarVector.Read(root),
                _ => throw new InvalidDataException(
                    $"the type '{type}' is none of window, watermark, assign and calendar"),
            };
        }
        catch (Exception exception) when (exception is not InvalidDataException)
        {
            throw new InvalidDataException($"{place} is not a vector: {exception.Message}", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{place} is not a vector: {exception.Message}.", exception);
        }
    }
}
