using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Streams;

/// <summary>Reads what a stream's section says of the windows of its queries, wherever these are added.</summary>
internal sealed class HostedQueryConfiguration : IConfigureNamedOptions<HostedQueryOptions>
{
    private readonly string _prefix;
    private readonly IConfiguration _section;

    /// <param name="stream">The stream's name.</param>
    /// <param name="section">Its section.</param>
    public HostedQueryConfiguration(string stream, IConfiguration section)
    {
        _prefix = $"{stream}/";
        _section = section;
    }

    public void Configure(string? name, HostedQueryOptions options)
    {
        if (name?.StartsWith(_prefix, StringComparison.Ordinal) == true)
            ConfigurationReader.ReadQuery(name, _section, name[_prefix.Length..], options);
    }

    public void Configure(HostedQueryOptions options)
    {
    }
}
