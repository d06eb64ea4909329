"""A Hugging Face sequence classifier as a reward model. Needs torch and transformers.

    hustings run --benchmark rewardbench-2 \
      --model 'exec:python3 examples/exec/sequence_classifier.py Skywork/Skywork-Reward-V2-Qwen3-0.6B'

The conversation goes through the model's own chat template; one without a template reads prompt and response as a pair.
What is longer than the model reads is an abstention, so no answer rests on half a text.
"""

import json
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

name = sys.argv[1]
device = "cuda" if torch.cuda.is_available() else "cpu"
kind = torch.bfloat16 if device == "cuda" else torch.float32
tokenizer = AutoTokenizer.from_pretrained(name)
model = AutoModelForSequenceClassification.from_pretrained(name, torch_dtype=kind).to(device).eval()
limit = min(tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", 10**9))


def encoded(item, response):
    if tokenizer.chat_template:
        turns = item["messages"] + [{"role": "assistant", "content": response}]
        text = tokenizer.apply_chat_template(turns, tokenize=False)
        return tokenizer(text, return_tensors="pt", add_special_tokens=False)
    return tokenizer(item["prompt"], response, return_tensors="pt")


def answer(item):
    rewards, reasons = [], []
    for response in item["responses"]:
        inputs = encoded(item, response).to(device)
        length = inputs["input_ids"].shape[1]
        with torch.no_grad():
            rewards.append(model(**inputs).logits[0, 0].item() if length <= limit else None)
        reasons.append(None if length <= limit else f"{length} tokens, and the model reads {limit}")
    return {"id": item["id"], "rewards": rewards, "reasons": reasons}


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        hello = {"type": "hello", "protocol": 1, "name": name.split("/")[-1], "kind": "reward", "batch": 8}
        hello["fingerprint"] = getattr(model.config, "_commit_hash", None) or name
        print(json.dumps(hello | {"settings": {"dtype": str(kind)}}), flush=True)
    elif message["type"] == "batch":
        for item in message["items"]:
            print(json.dumps(answer(item)), flush=True)
