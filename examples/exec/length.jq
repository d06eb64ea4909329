# A reward model in jq: the length of the response.
if .type == "hello" then
  {type, protocol, kind: "reward", name: "jq-length"}
else
  .items[]? | {id, rewards: (.responses | map(length))}
end
